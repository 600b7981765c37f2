import { defineSteps } from '../model/steps.ts';

/** What a trace shows, in the words in which the model tells what it predicts. */
export const storySteps = defineSteps('strace', {
  noCache: {
    en: 'there is no cache daemon: {socket} does not exist (ENOENT)',
    zh: '没有缓存守护进程：{socket} 不存在（ENOENT）',
    rule: 'glibc nscd/nscd_helper.c',
  },
  cacheRefused: {
    en: 'nobody listens on {socket} ({errno}): glibc goes on without a cache daemon',
    zh: '{socket} 上无人监听（{errno}）：glibc 不经缓存守护进程继续',
    rule: 'glibc nscd/nscd_helper.c',
  },
  cacheFull: {
    en: 'the cache daemon at {socket} takes no more connections ({errno}): it hangs, or has too much to do',
    zh: '{socket} 上的缓存守护进程不再接受连接（{errno}）：它已挂起或过于繁忙',
    rule: 'unix(7): EAGAIN, the queue of the listening socket is full',
  },
  cacheConnected: {
    en: 'connects to the cache daemon at {socket}',
    zh: '连接 {socket} 上的缓存守护进程',
    rule: 'glibc nscd/nscd_helper.c',
  },
  cacheMapping: {
    en: 'asks for the shared memory of the hosts database',
    zh: '请求 hosts 数据库的共享内存',
    rule: 'glibc nscd/nscd-client.h: GETFDHST',
  },
  cacheAsked: {
    en: 'asks the cache daemon at {socket} for {name}',
    zh: '向 {socket} 上的缓存守护进程查询 {name}',
    rule: 'glibc nscd/nscd-client.h',
  },
  cacheRequest: {
    en: 'asks the cache daemon at {socket} for {name} ({request})',
    zh: '向 {socket} 上的缓存守护进程查询 {name}（{request}）',
    rule: 'glibc nscd/nscd-client.h',
  },
  cacheNo: { en: 'the daemon says: no such host', zh: '守护进程回答：没有这个主机', rule: 'glibc nscd/nscd_getai.c: found = 0' },
  cacheNoFinal: {
    en: 'the daemon says: no such host; that is final, so DNS is never asked',
    zh: '守护进程回答：没有这个主机；这是最终结果，因此从未查询 DNS',
    rule: 'glibc nscd/nscd_getai.c, nscd/nscd_gethst_r.c: found = 0',
  },
  cacheYes: {
    en: 'the daemon answers {addresses}; that is final',
    zh: '守护进程回答 {addresses}；这是最终结果',
    rule: 'glibc nscd/nscd_getai.c: found = 1',
  },
  cacheNotServed: {
    en: 'the daemon at {socket} does not cache host names: glibc goes on without it',
    zh: '{socket} 上的守护进程不缓存主机名：glibc 不经它继续',
    rule: 'glibc nscd/connections.c: found = -1',
  },
  cacheClosed: {
    en: 'the daemon at {socket} hangs up without an answer: glibc goes on without it',
    zh: '{socket} 上的守护进程未作应答就断开：glibc 不经它继续',
    rule: 'unscd with enable-cache hosts no; glibc nscd/nscd_helper.c',
  },
  cacheSilent: {
    en: 'the daemon at {socket} does not answer in {seconds} s',
    zh: '{socket} 上的守护进程在 {seconds} 秒内没有应答',
    rule: 'glibc nscd/nscd_helper.c: 5 s a request',
  },
  service: { en: 'asks {service} at {socket}', zh: '询问 {socket} 上的 {service}' },
  serviceAbsent: { en: '{service} cannot be asked: {socket} ({errno})', zh: '无法询问 {service}：{socket}（{errno}）' },
  nsswitch: { en: 'reads {path}: {line}', zh: '读取 {path}：{line}', rule: 'nsswitch.conf(5)' },
  resolvConf: { en: 'reads {path}: {settings}', zh: '读取 {path}：{settings}', rule: 'resolv.conf(5)' },
  fileRead: { en: 'reads {path}', zh: '读取 {path}' },
  fileMissing: { en: 'cannot open {path} ({errno})', zh: '无法打开 {path}（{errno}）' },
  inHosts: { en: 'finds {name} in {path}: {addresses}', zh: '在 {path} 中找到 {name}：{addresses}', rule: 'hosts(5)' },
  notInHosts: { en: 'does not find {name} in {path}', zh: '在 {path} 中找不到 {name}', rule: 'hosts(5)' },
  hostsCutOn: { en: 'reads {path} (cut off in the trace) and goes on', zh: '读取 {path}（跟踪记录中被截断）后继续', rule: 'hosts(5)' },
  hostsCut: { en: 'reads {path}, of which the trace shows only the beginning', zh: '读取 {path}，跟踪记录中只有开头部分' },
  asked: { en: 'asks DNS server {server} for {name} {type}', zh: '向 DNS 服务器 {server} 查询 {name} {type}' },
  answered: { en: '{server} answers {name} {type}: {answer}', zh: '{server} 对 {name} {type} 的应答：{answer}' },
  answeredAll: { en: 'DNS server {server} answers {answers}', zh: 'DNS 服务器 {server} 的应答：{answers}' },
  silent: {
    en: 'DNS server {server} does not answer{waited}',
    zh: 'DNS 服务器 {server} 没有应答{waited}',
    rule: 'resolv.conf(5): timeout',
  },
  unreachable: { en: 'DNS server {server} cannot be asked: {errno}', zh: '无法查询 DNS 服务器 {server}：{errno}' },
  refused: {
    en: 'DNS server {server} cannot be asked: nobody listens there, or it cannot be reached ({errno})',
    zh: '无法查询 DNS 服务器 {server}：无人监听或不可达（{errno}）',
  },
  unanswered: {
    en: 'asks DNS server {server} for {questions}; the trace shows no answer',
    zh: '向 DNS 服务器 {server} 查询 {questions}；跟踪记录中没有应答',
  },
  dialBegun: {
    en: 'begins to connect to {address}; the trace does not show how it ends',
    zh: '开始连接 {address}；跟踪记录中看不到结果',
  },
  dial: { en: 'connects to {address}: {result}', zh: '连接 {address}：{result}' },
  prints: { en: 'prints: {text}', zh: '输出：{text}' },
  exits: { en: 'ends with status {status}', zh: '以退出码 {status} 结束' },
  killed: { en: 'is ended by {signal}', zh: '被 {signal} 终止' },
});
