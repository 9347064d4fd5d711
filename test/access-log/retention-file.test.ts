// A mistake in policies/retention.yaml is refused, with its line, in words that somebody who is no programmer can act on.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parseRetention, readRetention } from '#app/anonymity/retention.js'

const FOLDER = fileURLToPath(new URL('../../policies/', import.meta.url))
const text = readFileSync(`${FOLDER}retention.yaml`, 'utf8')

test('both logs are kept for five years', () =>
  expect(readRetention(FOLDER).logs).toEqual({ 'access-log': 60, 'processing-log': 60 }))

test.each([
  ['a term that is too short', 'months: 60', 'months: 11', /retention\.yaml:\d+: the log is kept for at least 12 months/],
  ['a term of its own for one of the two', 'months: 60', 'months: 72', /retention\.yaml:\d+: both logs have one term/],
  ['a term that is no number', 'months: 60', 'months: five', /expected a number but found "five"/],
  ['a term without its source', / {4}source: .*\n/, '', /"source" is missing/],
  ['another log', 'processing-log:', 'paper-log:', /expected one of access-log, processing-log but found "paper-log"/],
  ['nothing about a lawyer', / {4}needs-lawyer: true\n/, '', /"needs-lawyer" is missing/],
])('with %s is refused, with its line', (_, from, to, sentence) => {
  expect(() => parseRetention(text.replace(from, to))).toThrow(sentence)
})
