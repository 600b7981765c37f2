import { defineSteps } from '../steps.ts';

export const resolvedSteps = defineSteps('resolved', {
  noStub: {
    en: 'DNSStubListener=no: nothing listens on 127.0.0.53.',
    zh: 'DNSStubListener=no：没有程序监听 127.0.0.53。',
    rule: 'resolved.conf(5)',
  },
  inHosts: {
    en: 'systemd-resolved finds {name} in its hosts file: {addresses}. Nothing is asked for the other family.',
    zh: 'systemd-resolved 在其 hosts 文件中找到 {name}：{addresses}。不会再查询另一地址族。',
    rule: 'systemd src/resolve/resolved-etc-hosts.c',
  },
  synthesized: {
    en: 'systemd-resolved makes up {name} by itself: {addresses}.',
    zh: 'systemd-resolved 自行合成 {name} 的应答：{addresses}。',
    rule: 'systemd src/resolve/resolved-dns-synthesize.c',
  },
  singleLabel: {
    en: 'systemd-resolved does not send addresses of the single label {name} to unicast DNS.',
    zh: 'systemd-resolved 不会把单标签名称 {name} 的地址查询发往单播 DNS。',
    rule: 'resolved.conf(5) ResolveUnicastSingleLabel, systemd src/resolve/resolved-dns-scope.c',
  },
  dotLocal: {
    en: 'systemd-resolved leaves {name} to mDNS; no search or routing domain covers it.',
    zh: 'systemd-resolved 把 {name} 留给 mDNS；没有搜索域或路由域覆盖它。',
    rule: 'systemd src/resolve/resolved-dns-scope.c dns_scope_good_domain, RFC 6762',
  },
  noServers: {
    en: 'systemd-resolved knows no name server ({path}).',
    zh: 'systemd-resolved 没有可用的名称服务器（{path}）。',
    rule: 'systemd src/resolve/resolved-dns-stub.c',
  },
  forwards: {
    en: 'systemd-resolved asks {servers} for {name}.',
    zh: 'systemd-resolved 向 {servers} 查询 {name}。',
    rule: 'systemd-resolved.service(8)',
  },
});
