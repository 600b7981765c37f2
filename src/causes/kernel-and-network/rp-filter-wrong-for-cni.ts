/** Source: projectcalico felix dataplane check (loose RPF); Documentation/networking/ip-sysctl (rp_filter). */
import type { Test } from '../_checks/index.ts';
import { all, any, ask, evidenceCause, observed, stated, sysctl, t, textual, without } from '../_checks/index.ts';

const loose = sysctl('net.ipv4.conf.all.rp_filter', (value) => value === '2');
const strict = sysctl('net.ipv4.conf.all.rp_filter', (value) => value === '1');
const counterGrows: Test = any(
  observed('counter.TcpExtIPReversePathFilter', (value) => typeof value === 'number' && value > 0, { kind: 'counter' }),
  stated({ key: /reverse.?path|rp.?filter.*(?:drop|count)/, value: /grow|ris|increas|[1-9]\d*/i }),
);
const calico: Test = any(observed('cni.name', textual(/calico|canal/i)), stated({ key: /cni|network plugin/, value: /calico|canal/i }));
const anyValue: Test = any(loose, strict);

export const rpFilterWrongForCni = evidenceCause({
  id: 'rp-filter-wrong-for-cni',
  area: 'kernel-and-network',
  severity: 'high',
  layer: 0,
  title: t('The reverse path filter does not suit the CNI', '反向路径过滤（rp_filter）的取值不适合 CNI'),
  mechanism: t(
    "Calico's felix refuses to start with the loose value 2, because it relies on strict filtering of workloads. With the strict value 1 and asymmetric routes the kernel drops packets that come in another way than the answer would go out.",
    'Calico 的 felix 在宽松值 2 下拒绝启动，因为它依赖对工作负载的严格过滤。而在严格值 1 且路由不对称时，内核会丢弃入向路径与回程路径不同的数据包。',
  ),
  summary: t(
    'net.ipv4.conf.all.rp_filter has a value with which this CNI or these routes do not work.',
    'net.ipv4.conf.all.rp_filter 的取值与该 CNI 或现有路由不兼容。',
  ),
  sources: ['projectcalico/calico felix dataplane/linux (RPF check)', 'Linux Documentation/networking/ip-sysctl.rst'],
  lookAlikes: ['wrong-interface-autodetected', 'firewalld-active'],
  signatures: [
    {
      id: 'rp-filter-wrong-for-cni/felix-loose',
      grade: 'direct',
      terminal: true,
      anchors: ['RPF check is set to'],
      pattern: /RPF check is set to 'loose'/,
      matches: ["int_dataplane.go 835: Kernel's RPF check is set to 'loose'.  This would allow endpoints to spoof their IP address."],
      rejects: ['Felix starting up'],
    },
    {
      id: 'rp-filter-wrong-for-cni/martian',
      grade: 'weak',
      anchors: ['martian source'],
      pattern: /martian source [0-9.]+ from [0-9.]+, on dev/,
      matches: ['kernel: IPv4: martian source 10.42.1.4 from 10.42.0.7, on dev eth1'],
      rejects: ['kernel: eth0: link up'],
    },
  ],
  confirm: [
    {
      when: all(loose, calico),
      grade: 'strong',
      says: t('net.ipv4.conf.all.rp_filter is 2 and the CNI is Calico.', 'net.ipv4.conf.all.rp_filter 为 2，且 CNI 为 Calico。'),
    },
    {
      when: all(strict, counterGrows),
      grade: 'direct',
      says: t('rp_filter is 1 and the kernel counts packets dropped by it.', 'rp_filter 为 1，且内核统计到因此丢弃的数据包。'),
    },
    {
      when: counterGrows,
      grade: 'strong',
      says: t('The kernel counts packets dropped by the reverse path filter.', '内核统计到被反向路径过滤丢弃的数据包。'),
    },
    {
      when: stated({ whole: /rp_?filter[^.;]*(?:wrong|drops?|loose|strict|cured|set(?:ting)? (?:it )?to|asymmetric)/i }),
      grade: 'strong',
      says: t('It is stated that rp_filter drops the packets.', '陈述中提到 rp_filter 丢弃数据包。'),
    },
  ],
  refute: [
    {
      when: all(
        sysctl('net.ipv4.conf.all.rp_filter', (value) => value === '0'),
        without(anyValue),
      ),
      says: t('rp_filter is 0.', 'rp_filter 为 0。'),
    },
  ],
  asks: [
    ask(
      'What is rp_filter (all and the interface), and does TcpExtIPReversePathFilter grow during the failure?',
      'rp_filter（all 与接口）的值是多少？故障期间 TcpExtIPReversePathFilter 是否增长？',
      'sysctl -a 2>/dev/null | grep "\\.rp_filter"; nstat -az TcpExtIPReversePathFilter',
    ),
  ],
  remedies: [
    {
      id: 'set-rp-filter',
      title: t('Set the value that the CNI wants in a late-sorted file', '在排序靠后的文件中设置 CNI 需要的值'),
      risk: t('Changes the protection against spoofed addresses.', '会改变对伪造地址的防护。'),
      safety: 'safe',
      command:
        "sysctl -w net.ipv4.conf.all.rp_filter=1 && echo 'net.ipv4.conf.all.rp_filter = 1' > /etc/sysctl.d/99-culprit-rp-filter-wrong-for-cni.conf",
      undo: 'sysctl -w net.ipv4.conf.all.rp_filter=2 && rm -f /etc/sysctl.d/99-culprit-rp-filter-wrong-for-cni.conf',
      verify: ['sysctl net.ipv4.conf.all.rp_filter', 'kubectl -n kube-system get pods -l k8s-app=calico-node'],
    },
  ],
});
