/**
 * TCP ports on which Wireshark 4 expects another protocol, encryption among them, so that HTTP and
 * WebSocket in plain are not recognized there. Found by writing a connection to every port of its
 * table and reading it back.
 */
const foreignRanges = `
  7 13 19-23 25 37 42-43 49 53 70 79 88 102 110-111 119 123 139 143 161-162 179 210 323 389 427
  443 445 464 500 512-515 524 547-548 554 564 587 636 639 647 674 705 853-854 862 873 925 988 993
  995 1080 1090 1099 1102 1153 1194 1213 1433 1533 1547 1723 1861 1863 1883 1935 2099 2123 2126
  2152 2234 2240 2269 2321-2322 2345 2401 2404 2433 2501-2502 2571 2575 2600 2812 2944-2945 3014
  3016-3019 3245-3248 3268 3288 3306 3357 3369 3452 3478 3632 3671 3724 3804 3860 3863 3868 3918
  4002 4155 4189 4223 4342 4420 4551 4555-4556 4712 4730 4739 4788 4840 4880 5010 5060 5084 5222
  5253 5353 5432 5445 5500-5501 5534 5672 5683 5701 5900-5901 5997 6000-6063 6068 6084 6121 6160
  6346 6379 6417 6653 6667-6668 6881-6889 7000 7075 7171-7172 7236 7275-7276 7871 7911 8009 8023
  8074 8085 8443 8554 8567 8883 9009 9092 9300 9418 9956 10288 11211 13400 14001 15740 17500
  17755-17756 19006 19042-19043 19506 19543 21064 22222 24800 29418 34980 44321-44322 44818 48049
  48898 57000
`

const foreignPorts: ReadonlySet<number> = new Set(
  foreignRanges
    .trim()
    .split(/\s+/)
    .flatMap((range) => {
      const [from = 0, to = from] = range.split('-').map(Number)
      return Array.from({ length: to - from + 1 }, (_, index) => from + index)
    }),
)

/** Whether a reader takes what goes to or comes from a TCP port for another protocol. */
export function isForeignPort(port: number): boolean {
  return foreignPorts.has(port)
}
