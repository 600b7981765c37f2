import { defineSteps } from '../steps.ts';

/** What can happen between socket(2) and an established connection. */
export const steps = defineSteps('dial', {
  noFamily: {
    en: 'This kernel has no IPv6 at all, so a socket for {address} cannot be made: EAFNOSUPPORT.',
    zh: '该内核完全没有 IPv6，无法为 {address} 建立套接字：EAFNOSUPPORT。',
    rule: 'socket(2); Linux Documentation/networking/ipv6.rst (ipv6.disable=1)',
  },
  noScope: {
    en: '{address} is a link-local address without a zone, so the kernel does not know which interface is meant: EINVAL.',
    zh: '{address} 是链路本地地址却没有指明接口，内核不知道走哪个接口：EINVAL。',
    rule: 'Linux net/ipv6/tcp_ipv6.c tcp_v6_connect',
  },
  onlyIpv6: {
    en: 'net.ipv6.bindv6only is 1, so an IPv6 socket cannot talk to {address}, which is IPv4: ENETUNREACH.',
    zh: 'net.ipv6.bindv6only 为 1，IPv6 套接字不能与 IPv4 地址 {address} 通信：ENETUNREACH。',
    rule: 'Linux net/ipv6/tcp_ipv6.c tcp_v6_connect; Documentation/networking/ip-sysctl.rst',
  },
  loopbackDown: {
    en: 'The loopback interface {device} is down, so packets to this machine’s own address {address} are lost: the connection times out.',
    zh: '回环接口 {device} 处于关闭状态，发往本机地址 {address} 的报文会丢失：连接超时。',
    rule: 'measured on Linux 6.18: the address stays in table local, the interface drops what is sent',
  },
  loopbackNoIpv6: {
    en: 'IPv6 is disabled on the loopback interface {device}, which drops the IPv6 packets of this machine to itself, those to {address} too: the connection times out.',
    zh: '回环接口 {device} 上禁用了 IPv6，本机发给自己的 IPv6 报文都会被它丢弃，发往 {address} 的也一样：连接超时。',
    rule: 'Linux net/ipv6/ip6_input.c ip6_rcv_core',
  },
  means: {
    en: 'Connecting to {address} means connecting to {loopback}.',
    zh: '连接 {address} 就是连接 {loopback}。',
    rule: 'Linux net/ipv4/route.c ip_route_output_key_hash_rcu, net/ipv6/tcp_ipv6.c tcp_v6_connect',
  },
  noSource: {
    en: 'No interface has an IPv6 address, so there is no source address for a connection to {address}: EADDRNOTAVAIL.',
    zh: '没有任何接口带有 IPv6 地址，连接 {address} 时没有可用的源地址：EADDRNOTAVAIL。',
    rule: 'Linux 4.1 and newer, net/ipv6/ip6_output.c ip6_dst_lookup_tail: the source is chosen before the route’s error is looked at',
  },
  local: {
    en: '{address} belongs to this machine: {owner} on {device}.',
    zh: '{address} 属于本机：接口 {device} 上的 {owner}。',
    rule: 'ip-route(8), table local',
  },
  noRoute: {
    en: 'No address of this machine and no route covers {address}: ENETUNREACH.',
    zh: '本机没有这个地址，也没有任何路由覆盖 {address}：ENETUNREACH。',
    rule: 'ip-route(8); RFC 1812 section 5.2.7.1',
  },
  errorRoute: {
    en: 'The route "{route}" covers {address} and answers {errno}.',
    zh: '路由“{route}”覆盖了 {address}，它直接返回 {errno}。',
    rule: 'ip-route(8), route types; Linux net/ipv4/fib_semantics.c fib_props, net/ipv6/route.c ip6_rt_type_to_error',
  },
  notForOne: {
    en: '{address} is a broadcast or multicast address; a TCP connection to it is refused with ENETUNREACH.',
    zh: '{address} 是广播或组播地址，不能建立 TCP 连接：ENETUNREACH。',
    rule: 'Linux net/ipv4/tcp_ipv4.c tcp_v4_connect, net/ipv6/tcp_ipv6.c tcp_v6_connect',
  },
  leaves: {
    en: 'Packets to {address} leave by {device} along the route {route}; what is behind it cannot be told from this machine’s facts.',
    zh: '到 {address} 的报文按路由 {route} 从 {device} 发出；另一端如何，仅凭本机的信息无法判断。',
  },
  observed: {
    en: 'A connection to {address} port {port} was really tried: {result}.',
    zh: '实际尝试过连接 {address} 的 {port} 端口：{result}。',
  },
  rejected: {
    en: 'The firewall rule "{rule}" rejects it: {errno}.',
    zh: '防火墙规则“{rule}”拒绝了它：{errno}。',
    rule: 'Linux net/ipv4/icmp.c icmp_err_convert, net/ipv6/icmp.c icmpv6_err_convert; iptables-extensions(8) REJECT',
  },
  dropped: {
    en: 'The firewall rule "{rule}" lets no answer come back: the connection times out.',
    zh: '由于防火墙规则“{rule}”，收不到任何应答：连接超时。',
    rule: 'iptables-extensions(8)',
  },
  mayReject: {
    en: 'The firewall rule "{rule}" may concern this connection, but it has conditions that are not understood.',
    zh: '防火墙规则“{rule}”可能影响这个连接，但其中有无法理解的条件。',
  },
  listens: {
    en: '{program} listens on {listens}, so the connection is accepted.',
    zh: '{program} 在 {listens} 上监听，连接被接受。',
  },
  listensElsewhere: {
    en: 'Nothing listens on {address} port {port}; {program} listens on {listens} only: ECONNREFUSED.',
    zh: '{address} 的 {port} 端口无人监听；{program} 只在 {listens} 上监听：ECONNREFUSED。',
    rule: 'ip(7), ipv6(7) IPV6_V6ONLY',
  },
  nothingListens: {
    en: 'Nothing listens on {address} port {port}: ECONNREFUSED.',
    zh: '{address} 的 {port} 端口无人监听：ECONNREFUSED。',
    rule: 'RFC 9293 section 3.5.2',
  },
  reachable: {
    en: '{address} can be reached. No port was asked for.',
    zh: '{address} 可以到达。没有询问端口。',
  },
  unseen: {
    en: 'Not seen, and taken as the kernel’s default: {what}.',
    zh: '没有采集到以下信息，按内核默认值处理：{what}。',
  },
});
