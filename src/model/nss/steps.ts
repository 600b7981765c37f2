import { defineSteps } from '../steps.ts';

export const nssSteps = defineSteps('nss', {
  order: {
    en: 'The hosts line asks these services in order: {services}.',
    zh: 'hosts 行依次查询这些服务：{services}。',
    rule: 'nsswitch.conf(5)',
  },
  defaultOrder: {
    en: 'There is no hosts line, so the built-in order applies: {services}.',
    zh: '没有 hosts 行，因此采用内置顺序：{services}。',
    rule: 'glibc nss/nsswitch.c; from 2.35 "files dns" (bug 28700)',
  },
  rejected: {
    en: 'A syntax error makes glibc reject the whole file: every lookup fails.',
    zh: '语法错误使 glibc 拒绝整个文件：所有查询都会失败。',
    rule: 'glibc 2.33 nss/nss_database.c',
  },
  cut: {
    en: 'A bad bracket ends the list of services here.',
    zh: '错误的方括号使服务列表在此结束。',
    rule: 'glibc nss/nsswitch.c, up to 2.32',
  },
  moduleMissing: {
    en: 'The module of {service} cannot be loaded; it counts as UNAVAIL.',
    zh: '{service} 的模块无法加载，按 UNAVAIL 处理。',
    rule: 'glibc nss/nsswitch.c',
  },
  result: {
    en: '{service} says {status}: {action}.',
    zh: '{service} 返回 {status}：{action}。',
    rule: 'nsswitch.conf(5)',
  },
});

export const filesSteps = defineSteps('files', {
  found: {
    en: '/etc/hosts has {address} for {name}.',
    zh: '/etc/hosts 中 {name} 对应 {address}。',
    rule: 'glibc nss/nss_files/files-hosts.c',
  },
  loopbackMapped: {
    en: 'IPv4 is asked for and the line has ::1: glibc answers {address}.',
    zh: '查询的是 IPv4 而该行为 ::1：glibc 返回 {address}。',
    rule: 'glibc nss/nss_files/files-hosts.c, all versions',
  },
  mappedUnpacked: {
    en: 'IPv4 is asked for and the line has an IPv4-mapped address: glibc answers {address}.',
    zh: '查询的是 IPv4 而该行为 IPv4 映射地址：glibc 返回 {address}。',
    rule: 'glibc nss/nss_files/files-hosts.c',
  },
  otherFamily: {
    en: 'The line names {name} with {address}, which is not of the family asked for; it is passed over.',
    zh: '该行为 {name} 给出 {address}，不属于所查询的地址族，被跳过。',
    rule: 'glibc nss/nss_files/files-hosts.c',
  },
  firstOnly: {
    en: 'Only the first line that matches counts, because multi is off; {count} further lines are not read.',
    zh: '由于 multi 为 off，只采用第一条匹配行；其余 {count} 行不再读取。',
    rule: 'host.conf(5); glibc nss/nss_files/files-hosts.c',
  },
  notFound: {
    en: '/etc/hosts does not name {name}.',
    zh: '/etc/hosts 中没有 {name}。',
    rule: 'glibc nss/nss_files/files-hosts.c',
  },
  cannotOpen: {
    en: '/etc/hosts cannot be opened ({errno}).',
    zh: '无法打开 /etc/hosts（{errno}）。',
    rule: 'glibc nss/nss_files/files-XXX.c: UNAVAIL',
  },
});

export const moduleSteps = defineSteps('module', {
  answered: {
    en: '{module} answers {name} with {addresses}.',
    zh: '{module} 对 {name} 的应答为 {addresses}。',
  },
  dnsHasLocal: {
    en: 'DNS has a zone local: {module} leaves {name} to DNS.',
    zh: 'DNS 中存在 local 区域：{module} 把 {name} 留给 DNS。',
    rule: 'nss-mdns src/util.c local_soa',
  },
  notMine: {
    en: '{module} does not answer for {name}.',
    zh: '{module} 不负责 {name}。',
  },
  serviceDown: {
    en: '{module} cannot reach its service at {socket}.',
    zh: '{module} 无法连接其服务 {socket}。',
  },
  daemonLooks: {
    en: '{module} asks {daemon}, which looks {name} up by itself.',
    zh: '{module} 询问 {daemon}，由它自行查询 {name}。',
  },
  nobody: {
    en: '{module} finds nobody who knows {name}.',
    zh: '{module} 找不到知道 {name} 的一方。',
  },
});
