import { readFileSync } from 'node:fs'

/** What the processes of the machine used since the object was made, but for this one and those it waited for. */
export class LoadOfOthers {
  readonly #begin = ticks()

  /** As a share of all processors' time; undefined where there is no /proc. */
  share(): number | undefined {
    const [begin, end] = [this.#begin, ticks()]
    if (begin === undefined || end === undefined || end.all === begin.all) return undefined
    const others = end.busy - begin.busy - (end.ours - begin.ours)
    return Math.max(0, others / (end.all - begin.all))
  }
}

/** Times in the system's ticks: busy (not idle, not waiting for a disk, stolen ones too), all, and ours with our children's. */
function ticks(): { busy: number; all: number; ours: number } | undefined {
  try {
    const cpu = readFileSync('/proc/stat', 'latin1')
      .split('\n')[0]!
      .trim()
      .split(/\s+/)
      .slice(1, 9)
      .map(Number)
    const all = cpu.reduce((a, b) => a + b, 0)
    // The name of the process, in parentheses, may hold anything; utime, stime, cutime, cstime are 14th to 17th.
    const self = readFileSync('/proc/self/stat', 'latin1')
    const times = self.slice(self.lastIndexOf(')')).split(' ').slice(12, 16).map(Number)
    return { busy: all - cpu[3]! - cpu[4]!, all, ours: times.reduce((a, b) => a + b, 0) }
  } catch {
    return undefined
  }
}
