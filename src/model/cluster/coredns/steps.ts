import { defineSteps } from '../../steps.ts';

export const coreDnsSteps = defineSteps('coredns', {
  unreadable: {
    en: 'CoreDNS cannot read its Corefile (line {line}) and does not start.',
    zh: 'CoreDNS 无法解析其 Corefile（第 {line} 行），不会启动。',
    rule: 'coredns core/dnsserver',
  },
  noServer: {
    en: 'No server block of the Corefile covers {name}: REFUSED.',
    zh: 'Corefile 中没有覆盖 {name} 的服务器块：REFUSED。',
    rule: 'coredns core/dnsserver/server.go',
  },
  server: {
    en: 'The server block of zone {zone} answers {name}.',
    zh: '由区域 {zone} 的服务器块应答 {name}。',
    rule: 'coredns core/dnsserver/server.go',
  },
  nobodyAnswers: {
    en: 'No plugin answers {name}: SERVFAIL.',
    zh: '没有插件应答 {name}：SERVFAIL。',
    rule: 'coredns plugin/plugin.go NextOrFailure',
  },
  inHosts: {
    en: 'hosts has {name}: {addresses}.',
    zh: 'hosts 插件中 {name}：{addresses}。',
    rule: 'coredns plugin/hosts',
  },
  hostsEnds: {
    en: 'hosts does not have {name} and does not fall through: SERVFAIL.',
    zh: 'hosts 插件没有 {name} 且未设置 fallthrough：SERVFAIL。',
    rule: 'coredns plugin/hosts/hosts.go',
  },
  inCluster: {
    en: 'kubernetes answers {name}: {addresses}.',
    zh: 'kubernetes 插件应答 {name}：{addresses}。',
    rule: 'coredns plugin/kubernetes',
  },
  notInCluster: {
    en: '{name} lies in {zone} and is no service or pod: NXDOMAIN, and final.',
    zh: '{name} 属于 {zone}，但不是任何 Service 或 Pod：NXDOMAIN，且为最终应答。',
    rule: 'coredns plugin/kubernetes/parse.go, handler.go',
  },
  forwards: {
    en: 'forward sends {name} to {servers}.',
    zh: 'forward 插件将 {name} 转发至 {servers}。',
    rule: 'coredns plugin/forward',
  },
  loops: {
    en: 'forward leads back to CoreDNS itself ({server}): questions go round; the plugin loop ends the process.',
    zh: 'forward 又指回 CoreDNS 自身（{server}）：查询循环；loop 插件会终止进程。',
    rule: 'coredns plugin/loop',
  },
  rewritten: {
    en: 'rewrite makes {to} of {name}.',
    zh: 'rewrite 插件把 {name} 改写为 {to}。',
    rule: 'coredns plugin/rewrite',
  },
  template: {
    en: 'template answers {name} with {rcode}.',
    zh: 'template 插件以 {rcode} 应答 {name}。',
    rule: 'coredns plugin/template',
  },
  autopath: {
    en: 'autopath walks the search list for {name} and finds {to}.',
    zh: 'autopath 插件替 {name} 遍历 search 列表，找到 {to}。',
    rule: 'coredns plugin/autopath',
  },
  local: {
    en: 'local answers {name} with the loopback address.',
    zh: 'local 插件以环回地址应答 {name}。',
    rule: 'coredns plugin/local',
  },
});
