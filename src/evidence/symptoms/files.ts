import { errnoOf } from '../errno-text.ts';
import { defineSymptomReader, details, draft } from './symptom-reader.ts';

/** "open /etc/resolv.conf: no such file or directory", "mkdir … : permission denied", "write …: no space left on device". */
const CALL =
  /\b(open|openat|stat|lstat|mkdir|read|write|rename|unlink|chown|chmod|readlink|exec|fork\/exec|mount|remove|link|symlink|truncate|fsync|fdatasync)(?:ing)? "?(\/[^ \t:"]{1,300}|[\w./-]{1,200})"?: ?([^"]{3,120})/u;
const SPACE = /no space left on device|disk quota exceeded/iu;
const MANY = /too many open files/iu;
const CANNOT =
  /(?:can't|cannot|unable to|could not) (?:open|create|access|read|write)[^'"/]{0,30}['"]?(\/[^ \t:'"]{1,300})['"]?: (.{3,80})/u;
const EXECUTABLE = /exec: "([^"]{1,120})": executable file not found in \$PATH/u;

/** Files and the kernel's limits: which call on which path, and why not. */
export const files = defineSymptomReader({
  id: 'files',
  anchors: [
    'no such file or directory',
    'No such file or directory',
    'ermission denied',
    'not permitted',
    'pace left on device',
    'oo many open files',
    'ead-only file system',
    'executable file not found',
    'quota exceeded',
    'exec format error',
    'nput/output error',
  ],
  read({ message }) {
    if (/\bdial (?:tcp|udp|unix)/u.test(message)) return [];
    const executable = EXECUTABLE.exec(message);
    if (executable !== null) return [draft('program-missing', 'start', { errno: 'ENOENT', details: details({ program: executable[1] }) })];
    const call = CALL.exec(message);
    const errno = call === null ? undefined : errnoOf(call[3] ?? '');
    if (call !== null && errno !== undefined)
      return [
        draft('file-failed', 'other', { errno, details: details({ call: call[1], path: call[2], error: (call[3] ?? '').slice(0, 80) }) }),
      ];
    const cannot = CANNOT.exec(message);
    if (cannot !== null)
      return [draft('file-failed', 'other', { errno: errnoOf(cannot[2] ?? ''), details: details({ path: cannot[1], error: cannot[2] }) })];
    if (SPACE.test(message))
      return [
        draft('file-failed', 'other', {
          errno: 'ENOSPC',
          details: details({ watch: /inotify|watch/iu.test(message) ? 'inotify' : undefined }),
        }),
      ];
    if (MANY.test(message))
      return [
        draft('file-failed', 'other', {
          errno: 'EMFILE',
          details: details({ watch: /inotify|fsnotify|watch/iu.test(message) ? 'inotify' : undefined }),
        }),
      ];
    const other = errnoOf(message);
    return other === undefined ? [] : [draft('file-failed', 'other', { errno: other, details: undefined })];
  },
});
