// SPDX-License-Identifier: Apache-2.0

import Testing
import Threads

@Suite("A line of waiting work")
struct BoundedQueueTests {
  @Test("what does not fit is refused; what waits comes out in order, also after the close")
  func order() {
    let queue = BoundedQueue<Int>(limit: 3)
    #expect([1, 2, 3].allSatisfy { queue.add($0) })
    #expect(!queue.add(4))
    #expect(queue.take(most: 2) == [1, 2])
    queue.close()
    #expect(!queue.add(5))
    #expect(queue.take(most: 2) == [3])
    #expect(queue.take(most: 2).isEmpty)
  }

  @Test("what waits is taken without sleeping, also when that is nothing")
  func waiting() {
    let queue = BoundedQueue<Int>(limit: 3)
    #expect(queue.takeWaiting(most: 2).isEmpty)
    #expect([1, 2, 3].allSatisfy { queue.add($0) })
    #expect(queue.takeWaiting(most: 2) == [1, 2])
    queue.close()
    #expect(queue.takeWaiting(most: 2) == [3])
  }

  @Test("as much is taken as weighs no more than asked for, and one item in any case")
  func weight() {
    let queue = BoundedQueue<Int>(limit: 10, weigh: { $0 })
    for item in [2, 3, 9, 1] { #expect(queue.add(item)) }
    #expect(queue.take(most: 5) == [2, 3])
    #expect(queue.take(most: 5) == [9])
    #expect(queue.take(most: 5) == [1])
  }

  @Test("an item that does not wake waits for one that does, or for a wake")
  func patience() {
    let queue = BoundedQueue<Int>(limit: 10)
    let taken = Guarded<[[Int]]>([])
    let worker = Worker(name: "taker") {
      let gate = Gate()
      while case let items = queue.take(most: 10, sleepingAt: gate), !items.isEmpty {
        taken.change { $0.append(items) }
      }
    }
    defer {
      queue.close()
      worker.join()
    }
    #expect(queue.add(1))
    _ = taken.wait { $0.count == 1 ? true : nil }
    // Long enough for the taker to be asleep.
    _ = Gate().wait(milliseconds: 50)
    #expect(queue.add(2, isWaking: false))
    _ = Gate().wait(milliseconds: 50)
    #expect(taken.value == [[1]])
    #expect(queue.add(3))
    _ = taken.wait { $0.count == 2 ? true : nil }
    #expect(taken.value == [[1], [2, 3]])
    _ = Gate().wait(milliseconds: 50)
    #expect(queue.add(4, isWaking: false))
    queue.wake()
    _ = taken.wait { $0.count == 3 ? true : nil }
    #expect(taken.value.last == [4])
  }

  @Test("while one works on less than a crowd, the next are kept for it until a crowd waits")
  func crowd() {
    let queue = BoundedQueue<Int>(limit: 100, crowd: 3)
    let second = Gate()
    let first = Gate()
    #expect(queue.add(1))
    #expect(queue.take(most: 10, sleepingAt: first) == [1])
    let taken = Guarded<[Int]>([])
    let worker = Worker(name: "second") {
      let items = queue.take(most: 10, sleepingAt: second)
      taken.change { $0 = items }
    }
    #expect(queue.add(2))
    #expect(queue.add(3))
    _ = Gate().wait(milliseconds: 50)
    #expect(taken.value.isEmpty)
    // The host itself comes back and takes what was kept for it.
    #expect(queue.take(most: 10, sleepingAt: first) == [2, 3])
    for item in 4...6 { #expect(queue.add(item)) }
    let many = taken.wait { $0.isEmpty ? nil : $0 }
    #expect(many == [4, 5, 6])
    worker.join()
    queue.close()
  }
}
