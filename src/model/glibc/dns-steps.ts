import { defineSteps } from '../steps.ts';

export const dnsSteps = defineSteps('dns', {
  answered: {
    en: '{server} answers {type} {name} with {rcode} and {count} records.',
    zh: '{server} 对 {type} {name} 的应答为 {rcode}，含 {count} 条记录。',
    rule: 'glibc resolv/res_send.c',
  },
  silent: {
    en: '{server} does not answer {type} {name}; the resolver waits {seconds} s.',
    zh: '{server} 未应答 {type} {name}；解析器等待 {seconds} 秒。',
    rule: 'glibc resolv/res_send.c: timeout * 2^k / servers, at least 1 s',
  },
  serverError: {
    en: 'The question {type} {name} does not reach {server}: {errno}. The next server is asked.',
    zh: '{type} {name} 的查询无法到达 {server}：{errno}。改问下一个服务器。',
    rule: 'glibc resolv/res_send.c',
  },
  oneAtATime: {
    en: 'One of two answers from {server} about {name} is missing. The resolver asks again, one question at a time.',
    zh: '{server} 关于 {name} 的两个应答缺了一个。解析器改为逐个重新查询。',
    rule: 'glibc resolv/res_send.c: RES_SNGLKUP, RES_SNGLKUPREOP',
  },
  asIs: {
    en: '{name} has {dots} dots and ndots is {ndots}: it is asked for as it stands.',
    zh: '{name} 含 {dots} 个点，ndots 为 {ndots}：按原样查询。',
    rule: 'glibc resolv/res_query.c; resolv.conf(5)',
  },
  searchDomain: {
    en: 'Search domain {domain}: {name} is asked for.',
    zh: '搜索域 {domain}：查询 {name}。',
    rule: 'glibc resolv/res_query.c; resolv.conf(5)',
  },
  searchStops: {
    en: 'The answer about {name} ends the search list.',
    zh: '关于 {name} 的应答终止了搜索列表。',
    rule: 'glibc resolv/res_query.c: only no such name, no data and SERVFAIL go on',
  },
  nobodyReachable: {
    en: 'No DNS server can be reached. No further name is tried.',
    zh: '没有任何 DNS 服务器可达，不再尝试其他名称。',
    rule: 'glibc resolv/res_query.c: ECONNREFUSED',
  },
  alias: {
    en: 'HOSTALIASES replaces {name} by {target}.',
    zh: 'HOSTALIASES 把 {name} 替换为 {target}。',
    rule: 'glibc resolv/res_query.c hostalias; hostname(7)',
  },
  badName: {
    en: '{name} is no host name, so DNS is not asked.',
    zh: '{name} 不是合法的主机名，因此不查询 DNS。',
    rule: 'glibc 2.29 resolv/nss_dns/dns-host.c check_name (bug 24112)',
  },
  cannotEncode: {
    en: '{name} cannot be put into a DNS question.',
    zh: '{name} 无法写入 DNS 查询。',
    rule: 'RFC 1035 section 2.3.4; glibc resolv/res_mkquery.c',
  },
  noAttempts: {
    en: 'attempts is 0: no question is ever sent.',
    zh: 'attempts 为 0：从不发出查询。',
    rule: 'glibc resolv/res_send.c',
  },
});
