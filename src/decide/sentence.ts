// A rule in one plain sentence. For now its id, which reads as one.
import type { Sharing } from './policy-files.js'

export const sentenceOf = (_sharing: Sharing, ruleId: string): string => ruleId
