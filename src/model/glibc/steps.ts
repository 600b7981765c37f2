import { defineSteps } from '../steps.ts';

export const glibcSteps = defineSteps('glibc', {
  otherVersion: {
    en: 'Version {version} is not modelled; the rules of {used} are used.',
    zh: '未对版本 {version} 建模；采用 {used} 的规则。',
  },
  numeric: {
    en: '{name} is an address already: {address}. Nothing is looked up.',
    zh: '{name} 本身就是地址：{address}。无需查询。',
    rule: 'glibc getaddrinfo.c; nss/digits_dots.c',
  },
  numericFamily: {
    en: '{name} is an address of another family than asked for.',
    zh: '{name} 是另一地址族的地址。',
    rule: 'glibc getaddrinfo.c: EAI_ADDRFAMILY',
  },
  badZone: {
    en: 'The zone {zone} is neither an interface of this namespace nor a number.',
    zh: '区域 {zone} 既不是此命名空间的接口，也不是数字。',
    rule: 'glibc inet/inet6_scopeid_pton.c',
  },
  numericOnly: {
    en: 'AI_NUMERICHOST is set and {name} is no address.',
    zh: '设置了 AI_NUMERICHOST，而 {name} 不是地址。',
    rule: 'getaddrinfo(3)',
  },
  digitsDots: {
    en: '{name} has only digits and dots but is no address; it is not looked up.',
    zh: '{name} 只含数字和点却不是地址，因此不查询。',
    rule: 'glibc nss/digits_dots.c',
  },
  narrowed: {
    en: 'AI_ADDRCONFIG: the namespace has addresses of one family only ({have}), so only {family} is asked for.',
    zh: 'AI_ADDRCONFIG：此命名空间只有一个地址族的地址（{have}），因此只查询 {family}。',
    rule: 'glibc sysdeps/unix/sysv/linux/check_pf.c; 127.0.0.1 and ::1 do not count',
  },
  notNarrowed: {
    en: 'AI_ADDRCONFIG changes nothing here: {have}.',
    zh: 'AI_ADDRCONFIG 在此不起作用：{have}。',
    rule: 'glibc sysdeps/unix/sysv/linux/check_pf.c; 127.0.0.1 and ::1 do not count',
  },
  noFamily: {
    en: 'AI_ADDRCONFIG: the namespace has no {family} address but loopback, so nothing is looked up.',
    zh: 'AI_ADDRCONFIG：此命名空间除环回外没有 {family} 地址，因此不进行查询。',
    rule: 'glibc getaddrinfo.c: EAI_NONAME',
  },
  badArgument: {
    en: 'The arguments are refused: {what}.',
    zh: '参数被拒绝：{what}。',
    rule: 'getaddrinfo(3)',
  },
  localAddresses: {
    en: 'No name is given, so {addresses} is the answer.',
    zh: '未给出名称，因此结果为 {addresses}。',
    rule: 'getaddrinfo(3): AI_PASSIVE',
  },
  idn: {
    en: 'AI_IDN turns {name} into {ascii}.',
    zh: 'AI_IDN 把 {name} 转换为 {ascii}。',
    rule: 'glibc inet/idna.c; RFC 5891',
  },
  idnFails: {
    en: 'AI_IDN cannot turn {name} into ASCII.',
    zh: 'AI_IDN 无法把 {name} 转换为 ASCII。',
    rule: 'glibc inet/idna.c: EAI_IDN_ENCODE',
  },
  nobodyCallable: {
    en: 'No service is left that can be asked for this family.',
    zh: '已没有可用于该地址族的服务。',
    rule: 'glibc getaddrinfo.c',
  },
  joined: {
    en: 'SUCCESS=continue: the answers of several services are joined.',
    zh: 'SUCCESS=continue：合并多个服务的应答。',
    rule: 'glibc getaddrinfo.c, up to 2.35',
  },
  discarded: {
    en: 'SUCCESS={action}: the answer of {service} is thrown away.',
    zh: 'SUCCESS={action}：{service} 的应答被丢弃。',
    rule: 'glibc getaddrinfo.c from 2.36 (bug 28931)',
  },
  sorted: {
    en: 'The addresses are sorted by reachability, scope, label and precedence: {addresses}.',
    zh: '地址按可达性、作用域、标签和优先级排序：{addresses}。',
    rule: 'RFC 3484; glibc getaddrinfo.c rfc3484_sort; gai.conf(5)',
  },
  reverseForCanonical: {
    en: 'The canonical name is looked up from the address {address}.',
    zh: '由地址 {address} 反查规范名称。',
    rule: 'glibc getaddrinfo.c up to 2.18',
  },
  found: {
    en: 'The program gets {addresses}.',
    zh: '程序得到 {addresses}。',
  },
  failed: {
    en: 'The program gets {code}: "{text}".',
    zh: '程序得到 {code}：“{text}”。',
    rule: 'glibc getaddrinfo.c; netdb.h',
  },
});
