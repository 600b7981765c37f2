import { defineSteps } from '../steps.ts';

/** What can happen while a program linked with musl resolves a name. Rules: musl src/network. */
export const muslSteps = defineSteps('musl', {
  versionOutside: {
    en: 'musl {version} lies outside the modelled releases {from} to {to}; the rules of the nearest are used.',
    zh: 'musl {version} 不在已建模的 {from} 至 {to} 版本之内，采用最接近版本的规则。',
  },
  badFlags: {
    en: 'getaddrinfo refuses the flags {flags}.',
    zh: 'getaddrinfo 拒绝标志 {flags}。',
    rule: 'musl src/network/getaddrinfo.c',
  },
  noIpv4: {
    en: 'AI_ADDRCONFIG: the IPv4 loopback address cannot be reached, so IPv4 is left out.',
    zh: 'AI_ADDRCONFIG：无法到达 IPv4 环回地址，因此排除 IPv4。',
    rule: 'musl src/network/getaddrinfo.c (since 1.1.20)',
  },
  noIpv6: {
    en: 'AI_ADDRCONFIG: the IPv6 loopback address cannot be reached, so IPv6 is left out.',
    zh: 'AI_ADDRCONFIG：无法到达 IPv6 环回地址，因此排除 IPv6。',
    rule: 'musl src/network/getaddrinfo.c (since 1.1.20)',
  },
  noFamilyLeft: {
    en: 'The asked family is not there.',
    zh: '所要求的地址族不可用。',
    rule: 'musl src/network/getaddrinfo.c',
  },
  badName: {
    en: 'A name of {length} bytes is refused.',
    zh: '长度为 {length} 字节的名称被拒绝。',
    rule: 'musl src/network/lookup_name.c',
  },
  literal: {
    en: '{name} is an IP address: nothing is looked up.',
    zh: '{name} 本身就是 IP 地址，无需解析。',
    rule: 'musl src/network/lookup_ipliteral.c',
  },
  literalOtherFamily: {
    en: '{name} is an IP address of the other family.',
    zh: '{name} 是另一地址族的 IP 地址。',
    rule: 'musl src/network/lookup_ipliteral.c',
  },
  numericOnly: {
    en: 'AI_NUMERICHOST allows nothing but an address.',
    zh: 'AI_NUMERICHOST 只允许使用地址。',
    rule: 'musl src/network/lookup_name.c',
  },
  inHosts: {
    en: '{path} gives {address} for {name}.',
    zh: '{path} 中 {name} 对应 {address}。',
    rule: 'musl src/network/lookup_name.c name_from_hosts',
  },
  otherFamilyInHosts: {
    en: '{path} has {name} only as {address}, which is not of the asked family: the look-up ends, DNS is not asked.',
    zh: '{path} 中 {name} 只有 {address}，不属于所要求的地址族：解析到此结束，不会查询 DNS。',
    rule: 'musl src/network/lookup_name.c (since 1.1.15)',
  },
  garbageFromHosts: {
    en: '{path} has {name} as {address}, which is not of the asked family: an entry without an address is returned.',
    zh: '{path} 中 {name} 为 {address}，不属于所要求的地址族：返回一个没有地址的条目。',
    rule: 'musl src/network/lookup_name.c (until 1.1.14)',
  },
  notInHosts: {
    en: '{path} has no usable line for {name}.',
    zh: '{path} 中没有可用于 {name} 的行。',
    rule: 'musl src/network/lookup_name.c name_from_hosts',
  },
  hostsAbsent: {
    en: '{path} is not there; it counts as empty.',
    zh: '{path} 不存在，视为空文件。',
    rule: 'musl src/network/lookup_name.c name_from_hosts',
  },
  fileError: {
    en: '{path} cannot be opened ({errno}): the look-up ends.',
    zh: '无法打开 {path}（{errno}），解析到此结束。',
    rule: 'musl src/network/lookup_name.c',
  },
  defaultServer: {
    en: '{path} names no usable name server: 127.0.0.1 is asked.',
    zh: '{path} 没有可用的名称服务器，改为询问 127.0.0.1。',
    rule: 'musl src/network/resolvconf.c',
  },
  noSearch: {
    en: 'The name has {dots} dots and ndots is {ndots} (or the name ends in a dot): the search list is not used.',
    zh: '名称含 {dots} 个点，ndots 为 {ndots}（或名称以点结尾）：不使用 search 列表。',
    rule: 'musl src/network/lookup_name.c name_from_dns_search',
  },
  candidates: {
    en: 'DNS is asked for, in turn: {names}. Only NXDOMAIN leads to the next.',
    zh: '依次向 DNS 查询：{names}。只有 NXDOMAIN 才会继续下一个。',
    rule: 'musl src/network/lookup_name.c name_from_dns_search',
  },
  badTrailingDots: {
    en: 'The name ends in more than one dot: nothing is asked.',
    zh: '名称以多个点结尾，不做任何查询。',
    rule: 'musl src/network/lookup_name.c',
  },
  badCandidate: {
    en: '{name} cannot be put into a query and is left out.',
    zh: '{name} 无法构成查询，被跳过。',
    rule: 'musl src/network/res_mkquery.c',
  },
  badCandidateEnds: {
    en: '{name} cannot be put into a query: the look-up ends.',
    zh: '{name} 无法构成查询，解析到此结束。',
    rule: 'musl src/network/res_mkquery.c (until 1.2.3)',
  },
  brokenQuery: {
    en: '{name} becomes a malformed query that no server answers: {seconds} s are lost and the look-up fails.',
    zh: '{name} 变成格式错误的查询，没有服务器会应答：白等 {seconds} 秒后解析失败。',
    rule: 'musl src/network/res_mkquery.c (1.1.13 to 1.2.3), kubernetes issue 112135',
  },
  divisionByZero: {
    en: 'attempts:0 makes musl divide by zero: the process is killed by SIGFPE.',
    zh: 'attempts:0 使 musl 发生除零错误：进程被 SIGFPE 终止。',
    rule: 'musl src/network/res_msend.c (1.1.13 to 1.2.5)',
  },
  noIpv6Socket: {
    en: 'An IPv6 name server is listed, but the kernel has no IPv6: every look-up fails.',
    zh: '配置了 IPv6 名称服务器，但内核没有 IPv6：所有解析都会失败。',
    rule: 'musl src/network/res_msend.c (until 1.2.3)',
  },
  asked: {
    en: 'All servers are asked at the same time for {name} ({types}): {servers}.',
    zh: '同时向所有服务器查询 {name}（{types}）：{servers}。',
    rule: 'musl src/network/res_msend.c',
  },
  answered: {
    en: '{server} answers {name} {type}: {addresses}.',
    zh: '{server} 对 {name} {type} 的应答：{addresses}。',
    rule: 'musl src/network/lookup_name.c name_from_dns',
  },
  noSuchName: {
    en: '{server} says that {name} does not exist (NXDOMAIN to {type}).',
    zh: '{server} 表示 {name} 不存在（对 {type} 返回 NXDOMAIN）。',
    rule: 'musl src/network/lookup_name.c name_from_dns',
  },
  noData: {
    en: '{server} has no {type} record for {name}.',
    zh: '{server} 没有 {name} 的 {type} 记录。',
    rule: 'musl src/network/lookup_name.c name_from_dns',
  },
  ignored: {
    en: '{server} answers {name} {type} with {rcode}; musl ignores that and waits on.',
    zh: '{server} 对 {name} {type} 返回 {rcode}；musl 忽略该应答并继续等待。',
    rule: 'musl src/network/res_msend.c',
  },
  servfail: {
    en: '{server} answers {name} {type} with SERVFAIL; it is asked again at once, and never counts as an answer.',
    zh: '{server} 对 {name} {type} 返回 SERVFAIL；会立即重新查询，且不算作应答。',
    rule: 'musl src/network/res_msend.c',
  },
  silent: {
    en: '{server} does not answer {name} {type} ({why}).',
    zh: '{server} 没有应答 {name} {type}（{why}）。',
    rule: 'musl src/network/res_msend.c',
  },
  truncated: {
    en: '{server} truncates its answer to {name} {type}: it is asked again over TCP.',
    zh: '{server} 对 {name} {type} 的应答被截断，改用 TCP 重新查询。',
    rule: 'musl src/network/res_msend.c (since 1.2.4)',
  },
  timedOut: {
    en: 'Not every question was answered within {seconds} s: the look-up fails for now.',
    zh: '{seconds} 秒内并非所有查询都得到应答：解析暂时失败。',
    rule: 'musl src/network/res_msend.c, lookup_name.c',
  },
  pairDisagrees: {
    en: 'One of the two answers is NXDOMAIN, so the name does not exist for musl, whatever the other says.',
    zh: '两个应答之一是 NXDOMAIN，因此无论另一个应答如何，musl 都认为该名称不存在。',
    rule: 'musl src/network/lookup_name.c (since 1.2.1)',
  },
  mapped: {
    en: 'AI_V4MAPPED: IPv4 addresses are returned as ::ffff:a.b.c.d.',
    zh: 'AI_V4MAPPED：IPv4 地址以 ::ffff:a.b.c.d 的形式返回。',
    rule: 'musl src/network/lookup_name.c',
  },
  sorted: {
    en: 'The addresses are sorted: {addresses}.',
    zh: '地址排序结果：{addresses}。',
    rule: 'musl src/network/lookup_name.c, RFC 3484',
  },
  again: {
    en: 'The answer does not fit the buffer of gethostbyname: it grows, and the name is looked up {times} times.',
    zh: '结果超出 gethostbyname 的缓冲区：缓冲区扩大，该名称共查询 {times} 次。',
    rule: 'musl src/network/gethostbyname2.c',
  },
});
