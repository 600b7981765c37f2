import { defineSteps } from '../steps.ts';

export const steps = defineSteps('dns-tools', {
  ownReader: {
    en: 'This program reads {path} itself and asks DNS servers only: no hosts file, no nsswitch.conf, no name cache.',
    zh: '该程序自行读取 {path}，只查询 DNS 服务器：不看 hosts 文件、nsswitch.conf，也不用名称缓存。',
    rule: 'bind9 bin/dig/dighost.c; busybox networking/nslookup.c',
  },
  asked: {
    en: '{server} answers {rcode} to {name} {type}: {data}.',
    zh: '{server} 对 {name} {type} 的应答为 {rcode}：{data}。',
  },
  silent: {
    en: '{server} does not answer {name} {type} within {seconds} s.',
    zh: '{server} 在 {seconds} 秒内没有应答 {name} {type}。',
  },
  failed: {
    en: '{server} cannot be asked: {errno}.',
    zh: '无法查询 {server}：{errno}。',
  },
  nextSuffix: {
    en: '{name} does not exist; the next name of the search list is tried.',
    zh: '{name} 不存在；继续尝试搜索列表中的下一个名称。',
    rule: 'bind9 bin/dig/dighost.c next_origin',
  },
});
