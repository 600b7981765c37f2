/**
 * `ss -H -l -n -t -u -e [-p]` (iproute2 misc/ss.c), one socket a line, told apart by inode:
 *   tcp LISTEN 0 4096 *:6443 *:* users:(("kube-apiserver",pid=7,fd=3)) ino:123 sk:1 cgroup:/x v6only:0 <->
 */
import { linesOf } from './lines.ts';

export interface SsSocket {
  readonly v6only?: boolean;
  readonly pid?: number;
  readonly program?: string;
}

export function parseSsByInode(text: string): ReadonlyMap<number, SsSocket> {
  const sockets = new Map<number, SsSocket>();
  for (const line of linesOf(text)) {
    const inode = / ino:(\d+)/u.exec(line)?.[1];
    if (inode === undefined) continue;
    const v6only = / v6only:([01])/u.exec(line)?.[1];
    // A program's name may hold anything but a quote that ends it: the first user of a socket is enough.
    const user = / users:\(\("([^"]{0,64})",pid=(\d+),/u.exec(line);
    sockets.set(Number(inode), {
      ...(v6only === undefined ? {} : { v6only: v6only === '1' }),
      ...(user === null ? {} : { program: user[1] ?? '', pid: Number(user[2]) }),
    });
  }
  return sockets;
}
