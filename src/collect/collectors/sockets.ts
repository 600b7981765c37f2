/**
 * Does somebody answer behind a name service's socket? The file alone says nothing: a stopped daemon leaves it behind.
 *
 *   connect refused      nobody listens: the file is stale
 *   answer, or closed    a daemon is there and works (it may decline the request: that is an answer)
 *   accepted, silent     a daemon that hangs
 *
 * The request changes nothing: nscd is asked for the shared memory of its hosts database (nscd/nscd-client.h, GETFDHST), which a daemon
 * without one declines. Others get no bytes at all: that they accept is the answer.
 */
import { connect } from 'node:net';
import type { ServiceSocket } from '../../facts/node-facts.ts';

const NSCD_VERSION = 2;
const GETFDHST = 13;

/** version, type, length of the key: 32-bit numbers of this machine, then the key. */
function nscdRequest(): Buffer {
  const key = Buffer.from('hosts\0', 'latin1');
  const head = Buffer.alloc(12);
  head.writeInt32LE(NSCD_VERSION, 0);
  head.writeInt32LE(GETFDHST, 4);
  head.writeInt32LE(key.length, 8);
  return Buffer.concat([head, key]);
}

/** `path` as this process reaches it. Longer than a socket address can be: 'present'. */
export function askSocket(path: string, service: ServiceSocket['service'], timeoutMs: number): Promise<ServiceSocket['state']> {
  if (Buffer.byteLength(path) > 107) return Promise.resolve('present');
  return new Promise((resolve) => {
    const socket = connect({ path });
    const end = (state: ServiceSocket['state']): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(state);
    };
    let accepted = false;
    const timer = setTimeout(() => {
      end(accepted ? 'silent' : 'present');
    }, timeoutMs);
    socket.on('connect', () => {
      accepted = true;
      if (service === 'nscd') socket.write(nscdRequest());
      else end('answering');
    });
    socket.on('data', () => {
      end('answering');
    });
    socket.on('end', () => {
      end('answering');
    });
    socket.on('error', (error) => {
      const code = 'code' in error ? error.code : '';
      // EAGAIN: the queue of a listening socket is full, which a daemon that works does not let happen.
      if (code === 'EAGAIN') end('silent');
      else if (accepted) end('answering');
      else end(code === 'ECONNREFUSED' || code === 'ENOENT' || code === 'ENOTSOCK' ? 'refused' : 'present');
    });
  });
}
