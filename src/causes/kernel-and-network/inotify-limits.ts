/** Instances or watches of inotify are used up. Source: inotify(7); rancher/rke2-docs requirements. */
import type { Look, Test } from '../_checks/index.ts';
import {
  helped,
  asText,
  all,
  any,
  ask,
  evidenceCause,
  line,
  observed,
  spokenKey,
  stated,
  statementsOf,
  t,
  picked,
} from '../_checks/index.ts';

const usage =
  (holds: (share: number) => boolean): Test =>
  ({ node }): Look => {
    const used = node.observations['inotify.instances-used'];
    const max = node.observations['inotify.max-instances'] ?? node.observations['sysctl.fs.inotify.max_user_instances'];
    if (used?.state === 'known' && max?.state === 'known' && Number(max.value) > 0) {
      return holds(Number(used.value) / Number(max.value))
        ? { seen: 'yes', kind: 'counter', source: used.source, values: { used: asText(used.value), max: asText(max.value) } }
        : { seen: 'no', source: used.source };
    }
    const told = statementsOf(node).find(
      ({ key, value }) => /inotify|watch/.test(spokenKey(key)) && /\d ?(?:of|\/|out of) ?\d/.test(value),
    );
    const [, a, b] = /(\d+) ?(?:of|\/|out of) ?(\d+)/.exec(told?.value ?? '') ?? [];
    if (told === undefined || a === undefined || b === undefined) return { seen: 'unknown' };
    return holds(Number(a) / Number(b))
      ? {
          seen: 'yes',
          kind: 'statement',
          source: { kind: 'statement', key: told.key, text: `${told.key}: ${told.value}` },
          values: { used: a, max: b },
        }
      : { seen: 'no' };
  };

/** 128 is the kernel's old default; 8192 is what the products recommend. */
const lowLimit: Test = any(
  observed('inotify.max-instances', (value) => Number(value) <= 256),
  observed('sysctl.fs.inotify.max_user_instances', (value) => Number(value) <= 256),
  stated({ key: /max.?user.?instances/, value: /^(?:1?\d{2}|2[0-4]\d|25[0-6])\b/ }),
);

export const inotifyLimits = evidenceCause({
  id: 'inotify-limits',
  area: 'kernel-and-network',
  severity: 'high',
  layer: 0,
  title: t('inotify instances or watches are used up', 'inotify 实例或监视数已用尽'),
  mechanism: t(
    'The kernel allows each user a number of inotify instances (often 128) and watches. kubelet, containerd, log collectors and pods that run as root share them. The next one gets "too many open files", or "no space left on device" though the disk is free.',
    '内核限制每个用户的 inotify 实例数（通常为 128）和监视数。kubelet、containerd、日志采集器以及以 root 运行的 Pod 共用这些配额。再申请时会得到“too many open files”，或在磁盘有空间时得到“no space left on device”。',
  ),
  summary: t(
    'A program cannot watch files because the inotify limit of its user is reached.',
    '程序无法监视文件，因为其用户的 inotify 上限已达到。',
  ),
  sources: ['inotify(7)', 'rancher/rke2-docs: requirements'],
  lookAlikes: ['disk-full'],
  signatures: [
    {
      id: 'inotify-limits/instances',
      grade: 'direct',
      anchors: ['too many open files', 'Too many open files'],
      pattern:
        /(?:inotify|fsnotify|watcher|watch(?:ing)? (?:file|dir)|directory watch|file watch|follow(?:ing)? (?:the )?log|\bfailed complete:)[^\n]{0,160}too many open files|too many open files[^\n]{0,80}(?:inotify|fsnotify|watcher)/i,
      matches: [
        'failed to create fsnotify watcher: too many open files',
        'inotify_init1: Too many open files',
        'Failed to allocate directory watch: Too many open files',
        'server.go:488] "Error running ProxyServer" err="failed complete: too many open files"',
      ],
      rejects: ['accept tcp 0.0.0.0:80: too many open files', 'socket: too many open files'],
    },
    {
      id: 'inotify-limits/watches',
      grade: 'direct',
      anchors: [
        'no space left on device',
        'No space left on device',
        'file watchers reached',
        'user limit on',
        'upper limit on',
        'inotify watch limit',
      ],
      pattern:
        /(?:inotify(?:_add_watch)?|fsnotify|watcher|watch )[^\n]{0,200}no space left on device|System limit for number of file watchers reached|(?:user|upper) limit on (?:the )?(?:total number of )?inotify (?:watches|instances)|inotify watch limit/i,
      matches: [
        'inotify_add_watch /sys/fs/cgroup/cpu: no space left on device',
        'Error: ENOSPC: System limit for number of file watchers reached',
      ],
      rejects: ['write /var/lib/docker/tmp: no space left on device'],
    },
  ],
  lines: [
    {
      id: 'inotify-limits/too-many-open-files',
      grade: 'weak',
      anchors: ['oo many open files'],
      pattern: /^(?!.*(?:accept|socket|dial|connect|pipe|epoll)).*too many open files/i,
      matches: ['failed to make file target manager: too many open files'],
      rejects: ['accept tcp 0.0.0.0:80: accept4: too many open files'],
    },
  ],
  confirm: [
    {
      when: helped(/inotify|max_?user_?(?:instances|watches)/i),
      grade: 'direct',
      says: t('Raising the limit helped.', '提高限制后恢复。'),
    },
    {
      when: all(line('inotify-limits/too-many-open-files'), lowLimit),
      grade: 'strong',
      says: t(
        'A program cannot open more, and the limit of inotify instances is the small default.',
        '程序无法再打开文件，而 inotify 实例上限仍为较小的默认值。',
      ),
    },
    {
      // A server that runs out of descriptors says which call failed (accept, socket, open FILE); a bare text comes from a watcher.
      when: line('inotify-limits/too-many-open-files'),
      grade: 'weak',
      says: t('A program cannot open more files or watches.', '程序无法再打开文件或监视。'),
    },
    {
      when: usage((share) => share >= 0.97),
      grade: 'direct',
      says: t('{used} of {max} inotify instances are in use.', 'inotify 实例已使用 {used}/{max}。'),
    },
    {
      when: picked(
        all(
          any(
            observed('inotify.max-instances', () => true),
            observed('inotify.instances-listed', () => true),
          ),
          lowLimit,
        ),
      ),
      grade: 'weak',
      says: t('Somebody looked at inotify, and its limit is the small default.', '有人查看了 inotify，其上限仍为较小的默认值。'),
    },
    {
      when: stated(
        { key: /inotify/, value: /exhaust|full|reached|used up|exceed|at the limit/i },
        { whole: /inotify[^.;]*(?:exhaust|used up|limit (?:is )?reached|too low|full)/i },
      ),
      grade: 'strong',
      says: t('It is stated that inotify is used up.', '陈述中提到 inotify 已用尽。'),
    },
  ],
  refute: [
    {
      when: usage((share) => share < 0.8),
      says: t('Far fewer inotify instances are in use than allowed.', 'inotify 实例的使用量远低于上限。'),
    },
  ],
  asks: [
    ask(
      'How many inotify instances does root hold, and what is fs.inotify.max_user_instances?',
      'root 占用了多少 inotify 实例？fs.inotify.max_user_instances 是多少？',
      "find /proc/*/fd -lname 'anon_inode:inotify' 2>/dev/null | wc -l; sysctl fs.inotify.max_user_instances fs.inotify.max_user_watches",
    ),
  ],
  remedies: [
    {
      id: 'raise-limits',
      title: t('Raise both limits, now and for good', '立即并永久提高两个上限'),
      risk: t('Uses kernel memory, about 1 KiB a watch.', '占用内核内存，每个监视约 1 KiB。'),
      safety: 'safe',
      command:
        "sysctl -w fs.inotify.max_user_instances=8192 fs.inotify.max_user_watches=524288 && printf 'fs.inotify.max_user_instances = 8192\\nfs.inotify.max_user_watches = 524288\\n' > /etc/sysctl.d/99-culprit-inotify-limits.conf",
      undo: 'sysctl -w fs.inotify.max_user_instances=128 && rm -f /etc/sysctl.d/99-culprit-inotify-limits.conf',
      verify: ['sysctl fs.inotify.max_user_instances fs.inotify.max_user_watches'],
    },
  ],
});
