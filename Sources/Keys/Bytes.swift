// SPDX-License-Identifier: Apache-2.0

/// Lends the bytes of a collection to a C function without a copy, where they lie in one piece.
@inline(__always)
func withBytes<Result>(
  of bytes: some Collection<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Result
) -> Result {
  if let result = bytes.withContiguousStorageIfAvailable(body) { return result }
  return unsafe Array(bytes).withUnsafeBufferPointer(body)
}
