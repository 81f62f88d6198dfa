import { bytesOf } from '../../file'
import type { Tool } from '../../tool'
import { folder, jobTool, pack, textFile } from './job'

/** What the content of an archive of Java says of itself: those of Spring Boot hold the libraries too. */
export const ofSpring = (manifest: string | undefined): string =>
  /spring-boot|springframework\.boot/.test(manifest ?? '') ? ' spring' : ''

/** `jar -xf`, `jar tf`, `unzip`: what build tools have packed. Other jobs of it, and what stands in the files, are left out. */
export const jar: Tool = jobTool('jar', 'unpacks archives of Java', (call) => {
  const [flags = '', ...rest] = call.argv.slice(1)
  const path = rest.find((word) => !word.startsWith('-')) ?? ''
  const file = call.files.entry(path)
  if (!/[xt]/.test(flags)) return [{ millis: 300 }]
  if (!file) return [{ millis: 200, error: `java.io.FileNotFoundException: ${path}\n`, exit: 1 }]
  const content = file.content ?? ''
  const isSpring = /^jar \S+ spring\b/.test(content)
  const bytes = bytesOf(file)
  const parts = isSpring
    ? [
        ['BOOT-INF/lib/libraries.jar', bytes * 0.95],
        ['BOOT-INF/classes/application.class', bytes * 0.03],
        ['org/springframework/boot/loader/launch.class', bytes * 0.02],
      ]
    : [['classes.class', bytes]]
  const names = ['META-INF/MANIFEST.MF', ...parts.map(([name]) => String(name))]
  if (flags.includes('t')) return [{ millis: 250, print: names.map((name) => `${name}\n`).join('') }]
  return [
    {
      millis: 300 + bytes / 100_000,
      effect: (now) => {
        folder(now, 'META-INF')
        textFile(now, 'META-INF/MANIFEST.MF', 'Manifest-Version: 1.0\n')
        // the libraries are what the archive was: whoever looks into them finds the same
        for (const [i, [name, size]] of parts.entries())
          pack(now, String(name), Number(size), i === 0 ? content : `${name} of ${content}`)
      },
    },
  ]
})
