/** Source: containerd pkg/apparmor and contrib/apparmor; rancher/rke2 issue 1888. */
import { helped, all, any, ask, evidenceCause, off, on, programMissing, stated, t } from '../_checks/index.ts';

const parserMissing = any(
  programMissing('apparmor_parser'),
  off('program.apparmor_parser.installed'),
  off('package.apparmor.installed'),
  off('package.apparmor-parser.installed'),
  stated({ key: /apparmor[_ ]parser/, value: 'no' }, { whole: /apparmor[_ -]parser[^.;]*(?:not installed|missing|absent|not found)/i }),
);

export const apparmorParserMissing = evidenceCause({
  id: 'apparmor-parser-missing',
  area: 'container-runtime',
  severity: 'critical',
  layer: 3,
  title: t('AppArmor is on but its parser is not installed', 'AppArmor 已启用，但未安装其解析器'),
  mechanism: t(
    'containerd sees AppArmor enabled in the kernel and runs apparmor_parser to load its default profile. Without the program no container starts.',
    'containerd 发现内核启用了 AppArmor，便运行 apparmor_parser 加载默认配置。没有该程序，任何容器都无法启动。',
  ),
  summary: t('apparmor_parser is missing while the kernel has AppArmor enabled.', '内核启用了 AppArmor，但缺少 apparmor_parser。'),
  sources: ['containerd contrib/apparmor', 'rancher/rke2 issue 1888'],
  lookAlikes: ['selinux-denials'],
  signatures: [
    {
      id: 'apparmor-parser-missing/exec',
      grade: 'direct',
      anchors: ['apparmor_parser'],
      pattern:
        /apparmor_parser(?: version: exec)?[^\n]{0,80}executable file not found|exec: \\?"apparmor_parser\\?"|apparmor_parser: (?:command )?not found/,
      matches: [
        'failed to create containerd container: get apparmor_parser version: exec: "apparmor_parser": executable file not found in $PATH',
      ],
      rejects: ['apparmor_parser version 3.0.4'],
    },
  ],
  confirm: [
    { when: helped(/apparmor/i), grade: 'direct', says: t('Installing it helped.', '安装后恢复。') },
    {
      when: all(parserMissing, any(on('apparmor.enabled'), stated({ key: /apparmor$|apparmor (?:enabled|kernel|status)/, value: 'yes' }))),
      grade: 'direct',
      says: t('AppArmor is on in the kernel and the parser is not installed.', '内核启用了 AppArmor，而解析器未安装。'),
    },
    { when: parserMissing, grade: 'strong', says: t('The parser is not installed.', '解析器未安装。') },
  ],
  refute: [
    { when: off('apparmor.enabled'), says: t('AppArmor is off in the kernel.', '内核未启用 AppArmor。') },
    {
      when: on('program.apparmor_parser.installed'),
      says: t('The parser is installed: look at the PATH of the service.', '解析器已安装：请检查该服务的 PATH。'),
    },
  ],
  asks: [
    ask(
      'Is AppArmor enabled in the kernel, and is apparmor_parser installed?',
      '内核是否启用 AppArmor？是否安装了 apparmor_parser？',
      'cat /sys/module/apparmor/parameters/enabled; command -v apparmor_parser',
    ),
  ],
  remedies: [
    {
      id: 'install-parser',
      title: t('Install the package with the parser', '安装包含解析器的软件包'),
      risk: t('Profiles of the distribution load.', '发行版的配置会被加载。'),
      safety: 'safe',
      command: 'zypper install apparmor-parser   # Debian, Ubuntu: apt-get install apparmor',
      undo: 'zypper remove apparmor-parser',
      verify: ['apparmor_parser --version', 'crictl ps'],
    },
    {
      id: 'apparmor-off',
      title: t('Boot with apparmor=0', '以 apparmor=0 启动'),
      risk: t('No confinement; needs a reboot.', '没有限制；需要重启。'),
      safety: 'disruptive',
      command: 'grubby --update-kernel=ALL --args=apparmor=0 && systemctl reboot',
      undo: 'grubby --update-kernel=ALL --remove-args=apparmor=0 && systemctl reboot',
      verify: ['cat /sys/module/apparmor/parameters/enabled'],
    },
  ],
});
