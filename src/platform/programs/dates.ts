import { dateParts } from '../../engine/time'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const pad = (n: number, width = 2): string => String(n).padStart(width, '0')

/** The same again for every moment of one second: servers write the time with each request. */
function bySecond(write: (epoch: number) => string): (epoch: number) => string {
  let second = Number.NaN
  let text = ''
  return (epoch) => {
    const now = Math.floor(epoch / 1000)
    if (now !== second) {
      text = write(epoch)
      second = now
    }
    return text
  }
}

const clock = (epoch: number): string => {
  const d = dateParts(epoch)
  return `${pad(d.hour)}:${pad(d.minute)}:${pad(d.second)}`
}

/** `15/Jan/2025:09:00:00 +0000`: access logs. */
export const accessDate = bySecond((epoch) => {
  const d = dateParts(epoch)
  return `${pad(d.day)}/${months[d.month - 1]}/${d.year}:${clock(epoch)} +0000`
})

/** `2025-01-15 09:00:00.123` */
export function plainDate(epoch: number, millis = true): string {
  const d = dateParts(epoch)
  return `${d.year}-${pad(d.month)}-${pad(d.day)} ${clock(epoch)}${millis ? `.${pad(d.millis, 3)}` : ''}`
}

/** `2025/01/15 09:00:00`: nginx and Go. */
export const slashDate = (epoch: number): string => plainDate(epoch, false).replaceAll('-', '/')

/** `15 Jan 2025 09:00:00.123`: redis. */
export function redisDate(epoch: number): string {
  const d = dateParts(epoch)
  return `${pad(d.day)} ${months[d.month - 1]} ${d.year} ${clock(epoch)}.${pad(d.millis, 3)}`
}

/** `Wed, 15 Jan 2025 09:00:00 GMT`: HTTP headers. */
export const httpDate = bySecond((epoch) => {
  const d = dateParts(epoch)
  return `${weekdays[d.weekday]}, ${pad(d.day)} ${months[d.month - 1]} ${d.year} ${clock(epoch)} GMT`
})

/** `Wed Jan 15 09:00:00.123456 2025`: Apache's error log. */
export function apacheDate(epoch: number): string {
  const d = dateParts(epoch)
  return `${weekdays[d.weekday]} ${months[d.month - 1]} ${pad(d.day)} ${clock(epoch)}.${pad(d.millis, 3)}000 ${d.year}`
}
