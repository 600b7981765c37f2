import { defineSteps } from '../steps.ts';

/** What can happen while a Go program resolves a name. Rules: golang/go src/net. */
export const goSteps = defineSteps('go', {
  versionOutside: {
    en: 'Go {version} lies outside the modelled releases {from} to {to}; the rules of the nearest are used.',
    zh: 'Go {version} 不在已建模的 {from} 至 {to} 版本之内，采用最接近版本的规则。',
  },
  environmentUnseen: {
    en: 'The environment of the program was not seen; it is taken to set none of GODEBUG, LOCALDOMAIN, RES_OPTIONS, HOSTALIASES.',
    zh: '未能看到程序的环境变量；假定没有设置 GODEBUG、LOCALDOMAIN、RES_OPTIONS、HOSTALIASES。',
  },
  literal: {
    en: '{name} is an IP address: nothing is looked up.',
    zh: '{name} 本身就是 IP 地址，无需解析。',
    rule: 'golang/go src/net/lookup.go lookupIPAddr',
  },
  emptyName: {
    en: 'An empty name is not looked up.',
    zh: '空名称不会被解析。',
    rule: 'golang/go src/net/lookup.go lookupIPAddr',
  },
  pureBuild: {
    en: 'The program has no cgo resolver (built without cgo, or with the netgo tag): Go’s own resolver is used.',
    zh: '程序不含 cgo 解析器（编译时未启用 cgo 或带 netgo 标签），使用 Go 自带的解析器。',
    rule: 'golang/go src/net/conf.go',
  },
  goForced: {
    en: 'Go’s own resolver is asked for ({by}).',
    zh: '已指定使用 Go 自带的解析器（{by}）。',
    rule: 'golang/go src/net/conf.go',
  },
  cgoForced: {
    en: 'The C library’s resolver is asked for ({by}).',
    zh: '已指定使用 C 库的解析器（{by}）。',
    rule: 'golang/go src/net/conf.go',
  },
  cgoForEnvironment: {
    en: 'The environment sets {variable}: the C library resolves.',
    zh: '环境变量设置了 {variable}，因此由 C 库解析。',
    rule: 'golang/go src/net/conf.go initConfVal',
  },
  cgoForName: {
    en: 'The name holds a backslash or a percent sign: the C library resolves.',
    zh: '名称中含有反斜杠或百分号，因此由 C 库解析。',
    rule: 'golang/go src/net/conf.go',
  },
  cgoForUnreadableResolvConf: {
    en: '{path} cannot be read ({errno}): the C library resolves.',
    zh: '无法读取 {path}（{errno}），因此由 C 库解析。',
    rule: 'golang/go src/net/conf.go',
  },
  cgoForResolvConfWord: {
    en: 'Go does not know “{word}” in {path}: the C library resolves.',
    zh: 'Go 不认识 {path} 中的“{word}”，因此由 C 库解析。',
    rule: 'golang/go src/net/dnsconfig_unix.go unknownOpt',
  },
  cgoForLocal: {
    en: 'The name ends in .local: the C library resolves.',
    zh: '名称以 .local 结尾，因此由 C 库解析。',
    rule: 'golang/go src/net/conf.go (until Go 1.22), RFC 6762',
  },
  noNsswitch: {
    en: '{path} is not there: the order is {order}.',
    zh: '{path} 不存在，解析顺序为 {order}。',
    rule: 'golang/go src/net/conf.go',
  },
  noHostsEntry: {
    en: '{path} names no source for hosts: the order is {order}.',
    zh: '{path} 没有为 hosts 指定任何来源，解析顺序为 {order}。',
    rule: 'golang/go src/net/conf.go',
  },
  badNsswitch: {
    en: 'Go cannot read {path}; the whole file is set aside and the order is {order}.',
    zh: 'Go 无法解析 {path}，整个文件被忽略，解析顺序为 {order}。',
    rule: 'golang/go src/net/nss.go parseNSSConf',
  },
  cgoForCriteria: {
    en: 'Source {source} of hosts has an action in brackets that Go does not follow: the C library resolves.',
    zh: 'hosts 的来源 {source} 带有 Go 不支持的方括号动作，因此由 C 库解析。',
    rule: 'golang/go src/net/nss.go standardCriteria',
  },
  cgoForMyhostname: {
    en: 'Source myhostname of hosts may answer this name: the C library resolves.',
    zh: 'hosts 的来源 myhostname 可能应答此名称，因此由 C 库解析。',
    rule: 'golang/go src/net/conf.go isLocalhost, isGateway',
  },
  cgoForMdns: {
    en: 'Source {source} of hosts may answer this name: the C library resolves.',
    zh: 'hosts 的来源 {source} 可能应答此名称，因此由 C 库解析。',
    rule: 'golang/go src/net/conf.go',
  },
  cgoForSource: {
    en: 'Go does not know source {source} of hosts: the C library resolves.',
    zh: 'Go 不认识 hosts 的来源 {source}，因此由 C 库解析。',
    rule: 'golang/go src/net/conf.go',
  },
  fallbackForUnusual: {
    en: 'This release of Go uses files,dns when the configuration holds anything it would leave to the C library ({what}).',
    zh: '配置中出现本应交给 C 库处理的内容（{what}）时，此版本的 Go 采用 files,dns。',
    rule: 'golang/go src/net/conf.go (until Go 1.20)',
  },
  unknownSourceIsDns: {
    en: 'Go does not know source {source} of hosts; the line names no dns, so it stands for dns.',
    zh: 'Go 不认识 hosts 的来源 {source}；该行没有 dns，因此把它当作 dns。',
    rule: 'golang/go src/net/conf.go (since Go 1.21)',
  },
  sourceSkipped: {
    en: 'Source {source} of hosts is skipped.',
    zh: 'hosts 的来源 {source} 被跳过。',
    rule: 'golang/go src/net/conf.go',
  },
  order: {
    en: 'The order of look-up is {order}.',
    zh: '解析顺序为 {order}。',
    rule: 'golang/go src/net/conf.go hostLookupOrder',
  },
  askedLibc: {
    en: 'The C library ({libc}) is asked: getaddrinfo for {family}.',
    zh: '调用 C 库（{libc}）的 getaddrinfo（{family}）。',
    rule: 'golang/go src/net/cgo_linux.go, cgo_unix.go',
  },
  inHosts: {
    en: '{path} gives {address} for {name}.',
    zh: '{path} 中 {name} 对应 {address}。',
    rule: 'golang/go src/net/hosts.go',
  },
  notInHosts: {
    en: '{path} has no usable line for {name}.',
    zh: '{path} 中没有可用于 {name} 的行。',
    rule: 'golang/go src/net/hosts.go',
  },
  hostsAbsent: {
    en: '{path} is not there or cannot be opened; it counts as empty.',
    zh: '{path} 不存在或无法打开，视为空文件。',
    rule: 'golang/go src/net/hosts.go',
  },
  filesOnly: {
    en: 'Only files are asked, so the look-up ends here.',
    zh: '只查询 files，解析到此结束。',
    rule: 'golang/go src/net/dnsclient_unix.go',
  },
  invalidName: {
    en: '{name} cannot be a domain name: DNS is not asked.',
    zh: '{name} 不是合法的域名，不会查询 DNS。',
    rule: 'golang/go src/net/dnsclient.go isDomainName',
  },
  noCandidates: {
    en: 'Go never sends {name} to DNS; the result is an empty list without an error.',
    zh: 'Go 从不把 {name} 发往 DNS；结果是空列表且没有错误。',
    rule: 'golang/go src/net/dnsclient_unix.go avoidDNS, RFC 7686',
  },
  defaultServers: {
    en: '{path} names no usable name server: 127.0.0.1 and ::1 are asked.',
    zh: '{path} 没有可用的名称服务器，改为询问 127.0.0.1 和 ::1。',
    rule: 'golang/go src/net/dnsconfig.go defaultNS',
  },
  candidates: {
    en: 'DNS is asked for, in turn: {names}.',
    zh: '依次向 DNS 查询：{names}。',
    rule: 'golang/go src/net/dnsclient_unix.go nameList',
  },
  cannotBeSent: {
    en: '{name} cannot be put into a DNS message; no query is sent for it.',
    zh: '{name} 无法写入 DNS 报文，不会发送查询。',
    rule: 'golang/go src/net/dnsclient_unix.go newRequest',
  },
  answered: {
    en: '{server} answers {name} {type}: {addresses}.',
    zh: '{server} 对 {name} {type} 的应答：{addresses}。',
    rule: 'golang/go src/net/dnsclient_unix.go',
  },
  noSuchName: {
    en: '{server} says that {name} does not exist (NXDOMAIN).',
    zh: '{server} 表示 {name} 不存在（NXDOMAIN）。',
    rule: 'golang/go src/net/dnsclient_unix.go checkHeader',
  },
  noData: {
    en: '{server} has no {type} record for {name}; for Go that is “no such host” too.',
    zh: '{server} 没有 {name} 的 {type} 记录；Go 同样视为“no such host”。',
    rule: 'golang/go src/net/dnsclient_unix.go skipToAnswer',
  },
  lame: {
    en: '{server} answers {name} {type} with an empty referral: the next server is asked.',
    zh: '{server} 对 {name} {type} 返回空转介，改问下一台服务器。',
    rule: 'golang/go src/net/dnsclient_unix.go checkHeader, golang/go issue 15434',
  },
  misbehaving: {
    en: '{server} answers {name} {type} with {rcode}: the next server or attempt follows.',
    zh: '{server} 对 {name} {type} 返回 {rcode}，改问下一台服务器或重试。',
    rule: 'golang/go src/net/dnsclient_unix.go checkHeader',
  },
  silent: {
    en: '{server} does not answer {name} {type} within {seconds} s.',
    zh: '{server} 在 {seconds} 秒内没有应答 {name} {type}。',
    rule: 'golang/go src/net/dnsclient_unix.go exchange',
  },
  unreachable: {
    en: '{server} cannot be asked for {name} {type}: {errno}.',
    zh: '无法向 {server} 查询 {name} {type}：{errno}。',
    rule: 'golang/go src/net/dnsclient_unix.go exchange',
  },
  truncated: {
    en: '{server} truncates its answer to {name} {type}: it is asked again over TCP.',
    zh: '{server} 对 {name} {type} 的应答被截断，改用 TCP 重新查询。',
    rule: 'golang/go src/net/dnsclient_unix.go exchange, RFC 5966',
  },
  sorted: {
    en: 'The addresses are sorted by RFC 6724: {addresses}.',
    zh: '地址按 RFC 6724 排序：{addresses}。',
    rule: 'golang/go src/net/addrselect.go, RFC 6724 section 6',
  },
  noneOfFamily: {
    en: 'No address of the asked family is among the results.',
    zh: '结果中没有所要求地址族的地址。',
    rule: 'golang/go src/net/ipsock.go filterAddrList',
  },
  dialPartition: {
    en: 'Addresses of the first one’s family are tried in turn; the others ({others}) start after 300 ms, or as soon as the first have failed.',
    zh: '先依次尝试与第一个地址同族的地址；其余地址（{others}）在 300 毫秒后或前者全部失败时开始尝试。',
    rule: 'golang/go src/net/dial.go dialParallel, RFC 6555',
  },
  dialFirstErrorShown: {
    en: 'All failed: the first error of the first family is printed.',
    zh: '全部失败：输出第一组地址的第一个错误。',
    rule: 'golang/go src/net/dial.go dialParallel, dialSerial',
  },
});
