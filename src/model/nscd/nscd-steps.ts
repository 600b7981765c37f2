import { defineSteps } from '../steps.ts';

export const nscdSteps = defineSteps('nscd', {
  asked: {
    en: 'glibc asks the cache daemon at {socket} first: {request} {name}.',
    zh: 'glibc 先询问 {socket} 上的缓存守护进程：{request} {name}。',
    rule: 'glibc nscd/nscd_getai.c, nscd/nscd_gethst_r.c',
  },
  noSocket: {
    en: 'There is no cache daemon socket in this view.',
    zh: '此视图中没有缓存守护进程的套接字。',
    rule: 'glibc nscd/nscd_helper.c',
  },
  refused: {
    en: 'Nobody listens on {socket}; glibc goes on without a cache daemon.',
    zh: '{socket} 上无人监听；glibc 不经缓存守护进程继续。',
    rule: 'glibc nscd/nscd_helper.c',
  },
  silent: {
    en: 'The cache daemon at {socket} does not answer in time; glibc goes on without it after {seconds} s.',
    zh: '{socket} 上的缓存守护进程未及时应答；glibc 在 {seconds} 秒后不再等待并继续。',
    rule: 'glibc nscd/nscd_helper.c: 5 s a request',
  },
  closed: {
    en: 'The cache daemon closes the connection without an answer; glibc goes on without it.',
    zh: '缓存守护进程不作应答即关闭连接；glibc 不经它继续。',
    rule: 'glibc nscd/nscd_helper.c; unscd with enable-cache hosts no',
  },
  notCached: {
    en: 'The cache daemon says that it does not cache hosts; glibc goes on without it.',
    zh: '缓存守护进程表示不缓存 hosts；glibc 不经它继续。',
    rule: 'glibc nscd/connections.c: found = -1',
  },
  found: {
    en: 'The cache daemon answers {addresses}. This is final.',
    zh: '缓存守护进程的应答为 {addresses}。这是最终结果。',
    rule: 'glibc nscd/nscd_getai.c, nscd/nscd_gethst_r.c: found = 1',
  },
  notFound: {
    en: 'The cache daemon says that {name} does not exist. This is final: nothing else is asked.',
    zh: '缓存守护进程表示 {name} 不存在。这是最终结果：不再询问其他来源。',
    rule: 'glibc nscd/nscd_getai.c, nscd/nscd_gethst_r.c: found = 0',
  },
  daemonLooks: {
    en: '{daemon} looks {name} up in its own view {view}, with the files, addresses and DNS servers of that view.',
    zh: '{daemon} 在自己的视图 {view} 中查询 {name}，使用该视图的文件、地址和 DNS 服务器。',
    rule: 'glibc nscd/aicache.c, nscd/hstcache.c; unscd nscd.c worker',
  },
  cached: {
    en: '{daemon} still holds an older answer for {name} in its cache: {answer}.',
    zh: '{daemon} 的缓存中仍保留着 {name} 的旧应答：{answer}。',
    rule: 'nscd.conf(5): positive-time-to-live, negative-time-to-live',
  },
  disabled: {
    en: '{daemon} does not cache hosts.',
    zh: '{daemon} 未缓存 hosts。',
    rule: 'nscd.conf(5): enable-cache',
  },
  skippedLocalDomain: {
    en: 'LOCALDOMAIN is set, so the cache daemon is not asked.',
    zh: '设置了 LOCALDOMAIN，因此不询问缓存守护进程。',
    rule: 'glibc nscd client',
  },
});
