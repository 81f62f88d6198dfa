import type { LogLine } from '../../platform/container/logs'
import { parseSize } from '../formats/size'
import type { HostConfig } from './container'

/** What a line of `{"log":"…\n","stream":"stdout","time":"2025-01-15T09:00:00.000000000Z"}` has besides its text. */
const JSON_FRAME_BYTES = 73
/** The local driver writes a record of its own form: lengths, stream and time, about so many bytes. */
const LOCAL_FRAME_BYTES = 24
const LOCAL_SIZE = 20 * 1024 * 1024
const LOCAL_FILES = 5

interface Files {
  /** A file that has reached this is put aside before the next line. */
  readonly mostBytes: number
  readonly files: number
  readonly frameBytes: number
}

function filesOf({ Type, Config }: HostConfig['LogConfig']): Files | undefined {
  const size = Config['max-size']
  const parsed = size === undefined || size === '-1' ? undefined : parseSize(size, 'binary')
  const given = parsed && 'bytes' in parsed ? parsed.bytes : undefined
  // other drivers keep a copy for `docker logs` in the form of the local one
  if (Type !== 'json-file')
    return {
      mostBytes: (Type === 'local' ? given : undefined) ?? LOCAL_SIZE,
      files: Type === 'local' ? Number(Config['max-file'] ?? LOCAL_FILES) : LOCAL_FILES,
      frameBytes: LOCAL_FRAME_BYTES,
    }
  if (given === undefined) return undefined
  return { mostBytes: given, files: Number(Config['max-file'] ?? 1), frameBytes: JSON_FRAME_BYTES }
}

/**
 * The lines that are still in the files of a log driver: a full file is renamed and the oldest one dropped; with one file it is emptied.
 * After checkCapacityAndRotate in moby's daemon/logger/loggerutils/logfile.go.
 */
export function kept(lines: readonly LogLine[], config: HostConfig['LogConfig']): readonly LogLine[] {
  const files = filesOf(config)
  if (!files) return lines
  /** Where each file begins, the oldest first. */
  const begins = [0]
  let bytes = 0
  for (const [i, { text }] of lines.entries()) {
    if (bytes >= files.mostBytes) {
      begins.push(i)
      if (begins.length > Math.max(1, files.files)) begins.shift()
      bytes = 0
    }
    bytes += text.length + files.frameBytes
  }
  return lines.slice(begins[0])
}
