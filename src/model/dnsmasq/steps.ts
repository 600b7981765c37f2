import { defineSteps } from '../steps.ts';

export const dnsmasqSteps = defineSteps('dnsmasq', {
  inHosts: {
    en: 'dnsmasq finds {name} in {path} of its own: {addresses}.',
    zh: 'dnsmasq 在自己的 {path} 中找到 {name}：{addresses}。',
    rule: 'dnsmasq src/cache.c read_hostsfile; dnsmasq(8) --addn-hosts',
  },
  configured: {
    en: 'dnsmasq is configured to answer {name} with {addresses}.',
    zh: 'dnsmasq 的配置规定以 {addresses} 应答 {name}。',
    rule: 'dnsmasq(8) --address, --host-record',
  },
  alias: {
    en: 'dnsmasq is configured to take {name} as another name of {to}.',
    zh: 'dnsmasq 的配置把 {name} 当作 {to} 的别名。',
    rule: 'dnsmasq(8) --cname',
  },
  localOnly: {
    en: 'dnsmasq keeps {name} to itself ({because}): it has no such name, and asks nobody.',
    zh: 'dnsmasq 不转发 {name}（{because}）：它没有这个名称，也不向任何服务器查询。',
    rule: 'dnsmasq(8) --local, --domain-needed',
  },
  filtered: {
    en: 'dnsmasq leaves out every {type} record ({option}).',
    zh: 'dnsmasq 去掉所有 {type} 记录（{option}）。',
    rule: 'dnsmasq(8) --filter-A, --filter-AAAA (2.87 and newer)',
  },
  forwards: {
    en: 'dnsmasq forwards {name} to {servers}.',
    zh: 'dnsmasq 将 {name} 转发给 {servers}。',
    rule: 'dnsmasq src/forward.c',
  },
  noServers: {
    en: 'dnsmasq has no server to ask for {name} ({path}): REFUSED.',
    zh: 'dnsmasq 没有可查询 {name} 的服务器（{path}）：REFUSED。',
    rule: 'dnsmasq src/forward.c setup_reply',
  },
});
