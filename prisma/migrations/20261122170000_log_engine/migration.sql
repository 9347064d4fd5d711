-- Which version of the server made the decision: an export may be made by a later one. Records of before this migration do not say.
ALTER TABLE access_record ADD COLUMN engine text;
