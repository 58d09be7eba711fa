// SPDX-License-Identifier: Apache-2.0
@main
struct SMKI {
  static func main() {}
}
