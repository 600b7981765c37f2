/** containerd runs and its CRI plugin is off. Source: containerd docs/cri/config.md; kubernetes cmd/kubeadm/app/preflight/checks.go (CRI). */
import { helped, ask, evidenceCause, off, on, stated, t } from '../_checks/index.ts';

export const containerdCriDisabled = evidenceCause({
  id: 'containerd-cri-disabled',
  area: 'container-runtime',
  severity: 'critical',
  layer: 3,
  title: t("containerd's CRI plugin is off", 'containerd 的 CRI 插件被禁用'),
  mechanism: t(
    'Docker\'s containerd.io package ships disabled_plugins = ["cri"]; a broken or outdated config.toml keeps the plugin from loading too. The socket answers, but it does not know the CRI service.',
    'Docker 的 containerd.io 软件包自带 disabled_plugins = ["cri"]；损坏或过时的 config.toml 也会使插件无法加载。套接字有应答，但不认识 CRI 服务。',
  ),
  summary: t('containerd answers at its socket but does not offer the CRI service.', 'containerd 的套接字有应答，但不提供 CRI 服务。'),
  sources: ['containerd docs/cri/config.md', 'containerd/containerd issue 4581'],
  lookAlikes: ['cri-runtime-not-running', 'runtime-socket-ambiguous'],
  // The plugin watches the directory of CNI files: without inotify it does not load.
  consequenceOf: ['inotify-limits'],
  signatures: [
    {
      id: 'containerd-cri-disabled/unimplemented',
      grade: 'direct',
      terminal: true,
      anchors: [
        'unknown service runtime',
        'unknown service api.v1.CRI',
        'runtime API is not implemented',
        'runtime service api is not implemented',
      ],
      pattern:
        /unknown service (?:runtime\.v1(?:alpha2)?\.(?:Runtime|Image)Service|api\.v1\.CRIPluginService)|CRI v1(?:alpha2)? (?:runtime|image) API is not implemented/i,
      matches: [
        'rpc error: code = Unimplemented desc = unknown service runtime.v1.RuntimeService',
        'validate service connection: CRI v1 runtime API is not implemented for endpoint "unix:///run/containerd/containerd.sock"',
      ],
      rejects: ['rpc error: code = Unavailable desc = connection error'],
    },
    {
      id: 'containerd-cri-disabled/config',
      grade: 'direct',
      anchors: ['disabled_plugins'],
      pattern: /^[ \t]*disabled_plugins ?= ?\[[^\]\n]*"(?:io\.containerd\.grpc\.v1\.)?cri"/,
      matches: ['disabled_plugins = ["cri"]'],
      rejects: ['#disabled_plugins = ["cri"]', 'disabled_plugins = []'],
    },
    {
      id: 'containerd-cri-disabled/load-failed',
      grade: 'strong',
      anchors: ['failed to load plugin', 'io.containerd.grpc.v1', 'invalid plugin config'],
      pattern:
        /failed to load plugin (?:\\?")?io\.containerd\.grpc\.v1\.cri|io\.containerd\.grpc\.v1[ \t]+cri[ \t]+[^ \t]+[ \t]+error|invalid plugin config[^\n]{0,120}cri/i,
      matches: [
        'level=warning msg="failed to load plugin io.containerd.grpc.v1.cri" error="invalid plugin config"',
        'io.containerd.grpc.v1    cri    linux/amd64    error',
      ],
      rejects: ['loading plugin "io.containerd.grpc.v1.cri"...'],
    },
  ],
  confirm: [
    {
      when: stated({ clause: [/\bcri\b/i, /plug-?in|containerd/i, /disabled|off\b|not loaded|switched off|missing/i] }),
      grade: 'direct',
      says: t('It is stated that the plugin is disabled.', '陈述中提到该插件被禁用。'),
    },
    {
      when: helped(/config[. ]toml|disabled_?plugins|containerd config default/i),
      grade: 'direct',
      says: t('A new configuration of containerd helped.', '更换 containerd 配置后恢复。'),
    },
    { when: off('containerd.cri-enabled'), grade: 'direct', says: t('The configuration disables the plugin.', '配置中禁用了该插件。') },
    {
      when: stated({ whole: /disabled_plugins[^.;]*cri|cri plugin[^.;]*(?:disabled|off|not loaded)/i }),
      grade: 'direct',
      says: t('It is stated that the plugin is disabled.', '陈述中提到该插件被禁用。'),
    },
  ],
  refute: [{ when: on('cri.answers'), says: t('crictl version answers on the same socket.', '在同一套接字上 crictl version 有应答。') }],
  asks: [
    ask(
      "Does disabled_plugins in containerd's config.toml list cri, and does crictl version answer?",
      'containerd 的 config.toml 中 disabled_plugins 是否包含 cri？crictl version 是否有应答？',
      'grep disabled_plugins /etc/containerd/config.toml; ctr plugins ls | grep cri; crictl version',
    ),
  ],
  remedies: [
    {
      id: 'enable-cri',
      title: t(
        'Take cri off disabled_plugins, or write the default file anew, and restart containerd',
        '从 disabled_plugins 中去掉 cri，或重新生成默认配置，并重启 containerd',
      ),
      risk: t(
        'Running containers stay; settings of the old file are lost when it is written anew.',
        '运行中的容器不受影响；重新生成会丢失旧文件中的设置。',
      ),
      safety: 'safe',
      command:
        "cp /etc/containerd/config.toml /etc/containerd/config.toml.culprit && sed -i 's/^disabled_plugins.*/disabled_plugins = []/' /etc/containerd/config.toml && systemctl restart containerd",
      undo: 'cp /etc/containerd/config.toml.culprit /etc/containerd/config.toml && systemctl restart containerd',
      verify: ['crictl version'],
    },
  ],
});
