import { ReferenceOrder } from './rdd-order.js'

/**
 * The reference of an RDD: arrays of arrays, one loop an operator. It has the operators and actions of an RDD under the same
 * names, so that one program runs on both.
 */
export class ReferenceRDD extends ReferenceOrder {
  protected made(partitions: readonly unknown[][]): ReferenceRDD {
    return new ReferenceRDD(partitions)
  }

  static slices(items: readonly unknown[], k: number): ReferenceRDD {
    const cut = (i: number): number => Math.floor((i * items.length) / k)
    return new ReferenceRDD(Array.from({ length: k }, (_, i) => items.slice(cut(i), cut(i + 1))))
  }
}
