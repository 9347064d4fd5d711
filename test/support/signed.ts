// A capacity as the server signs it, for tests that speak SQL past the server.
import { type Said, signed } from '#app/database/signed.js'
import { KEYS } from './keys.js'

export const signedAs = (said: Said): string => signed(KEYS, said)
