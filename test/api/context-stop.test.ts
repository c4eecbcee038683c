import { setTimeout as sleep } from 'node:timers/promises'
import { Context } from 'millrace'
import { test } from 'uvu'
import { fails } from '../support/exactly.js'
import { onWorkers } from '../support/with-context.js'

test('stop ends an action at any moment of its start', async () => {
  for (const wait of [0, 1, 5, 10, 20, 40, 80, 160]) {
    const sc = new Context({ threads: 2, memory: '32MiB' })
    try {
      const counting = fails(onWorkers(sc.range(1e9)).count(), 'MILLRACE_STOPPED')
      await Promise.all([counting, sleep(wait).then(() => sc.stop())])
    } finally {
      await sc.stop()
    }
  }
})

test.run()
