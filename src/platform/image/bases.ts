/** What images are built on. The layers of a base have the same digest in all images that stand on it. */
export interface Base {
  readonly compressedBytes: number
  readonly unpackedBytes: number
  /** `none`: no shell in it. */
  readonly shell: 'bash' | 'ash' | 'none'
  /** The commands that come with it: a whole busybox, Debian's essential packages, or nothing. */
  readonly toolset: 'busybox' | 'debian' | 'none'
}

const mega = (compressed: number, unpacked: number) => ({
  compressedBytes: Math.round(compressed * 1_000_000),
  unpackedBytes: Math.round(unpacked * 1_000_000),
})

export const bases = {
  scratch: { compressedBytes: 0, unpackedBytes: 0, shell: 'none', toolset: 'none' },
  distroless: { ...mega(1.1, 3.2), shell: 'none', toolset: 'none' },
  busybox: { ...mega(2.16, 4.27), shell: 'ash', toolset: 'busybox' },
  alpine: { ...mega(3.64, 7.83), shell: 'ash', toolset: 'busybox' },
  'debian:slim': { ...mega(28.23, 74.8), shell: 'bash', toolset: 'debian' },
  debian: { ...mega(48.49, 116.6), shell: 'bash', toolset: 'debian' },
  'buildpack-deps': { ...mega(330, 925), shell: 'bash', toolset: 'debian' },
  ubuntu: { ...mega(29.72, 78.1), shell: 'bash', toolset: 'debian' },
  'ubuntu:22.04': { ...mega(29.54, 77.9), shell: 'bash', toolset: 'debian' },
  oraclelinux: { ...mega(41.5, 113), shell: 'bash', toolset: 'debian' },
  'php:apache': { ...mega(160, 470), shell: 'bash', toolset: 'debian' },
} as const satisfies Record<string, Base>

export type BaseName = keyof typeof bases

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

const common = `sh test [ true false echo printf printenv cat ls cp mv rm mkdir rmdir ln touch chmod chown pwd date sleep kill env id
  whoami hostname head tail sort uniq cut tr wc tee seq basename dirname readlink realpath stat du df dd sync uname yes xargs
  find grep egrep fgrep sed awk timeout md5sum sha256sum base64 expr mktemp nohup chgrp nice stty tty tar gzip gunzip zcat od`

/** Of busybox, but not of Alpine's: there they are in the package busybox-extras. */
const EXTRAS = 'httpd telnet ftpget ftpput'

const toolsets: Readonly<Record<Base['toolset'], ReadonlySet<string>>> = {
  none: words(''),
  busybox:
    words(`${common} ash busybox ps top free vi less more wget nc ping ping6 nslookup ip ifconfig route netstat traceroute
    ${EXTRAS} watch clear which su adduser addgroup hexdump unzip ar crond mount umount dmesg pidof pgrep pkill killall nproc logger`),
  debian:
    words(`${common} bash dash perl mount umount dmesg nproc apt apt-get dpkg which login su passwd useradd groupadd getent
    adduser addgroup deluser delgroup groupmod usermod chpasswd update-ca-certificates ldconfig update-alternatives
    chgrp dpkg-query apt-key apt-cache apt-mark more diff cmp comm paste join split csplit fold fmt nl numfmt shuf tac truncate setpriv`),
}

/** Whether an image on this base brings the command without installing anything. */
export function baseHas(base: BaseName, command: string): boolean {
  return baseCommands(base).has(command) || (command === 'apk' && base === 'alpine')
}

/** The commands of all bases: an image that nobody knows closer is taken to have any of them. */
export const everyCommand: readonly string[] = [...new Set([...toolsets.busybox, ...toolsets.debian])]

/** Every command that comes with a base. */
export const baseCommands = (base: BaseName): ReadonlySet<string> =>
  base === 'alpine' ? alpineCommands : toolsets[bases[base].toolset]

const extras = words(EXTRAS)
const alpineCommands: ReadonlySet<string> = new Set([...toolsets.busybox].filter((name) => !extras.has(name)))
