// The figures of this server: which there are is part of the schema, so they are read when it is made.
import { fileURLToPath } from 'node:url'
import { readFigures } from './tables.js'

export const FIGURES = readFigures(fileURLToPath(new URL('../../policies/', import.meta.url)))
