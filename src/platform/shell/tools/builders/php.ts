import type { Tool } from '../../tool'
import { jobTool, pack, sizeOf, textFile } from './job'

const EXTENSIONS = '/usr/local/lib/php/extensions/no-debug-non-zts'
const CONFIGURATION = '/usr/local/etc/php/conf.d'

const named = (argv: readonly string[]): readonly string[] => argv.slice(1).filter((word) => /^[a-z0-9_]+$/i.test(word))

/** Compiles extensions of PHP, and switches them on. */
const install: Tool = jobTool('docker-php-ext-install', 'compiles extensions of PHP', ({ argv }) =>
  named(argv).map((name) => ({
    cpuMillis: 9_000 + sizeOf(name, 0, 8_000),
    threads: argv.some((word) => word.startsWith('-j')) ? 4 : 1,
    print: `Installing shared extensions:     ${EXTENSIONS}/\n`,
    effect: (now) => {
      pack(now, `${EXTENSIONS}/${name}.so`, sizeOf(name, 90_000, 1_400_000), `php extension ${name}`, 0o755)
      textFile(now, `${CONFIGURATION}/docker-php-ext-${name}.ini`, `extension=${name}\n`)
    },
  })),
)

const enable: Tool = jobTool('docker-php-ext-enable', 'switches extensions of PHP on', ({ argv }) =>
  named(argv).map((name) => ({
    millis: 120,
    effect: (now) => textFile(now, `${CONFIGURATION}/docker-php-ext-${name}.ini`, `extension=${name}\n`),
  })),
)

const configure: Tool = jobTool('docker-php-ext-configure', 'prepares an extension of PHP', () => [
  { cpuMillis: 2_500 },
])

/** What Apache has switched on decides nothing here (simplified). */
const modules = (name: string, says: string): Tool =>
  jobTool(name, 'switches modules of Apache', ({ argv }) => [
    {
      millis: 60,
      print: `${named(argv)
        .map((module) => `${says} module ${module}.\n`)
        .join('')}To activate the new configuration, you need to run:\n  service apache2 restart\n`,
    },
  ])

export const phpTools: readonly Tool[] = [
  install,
  enable,
  configure,
  modules('a2enmod', 'Enabling'),
  modules('a2dismod', 'Disabling'),
]
