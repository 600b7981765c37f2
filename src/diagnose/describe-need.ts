/** The next fact to fetch, in plain words, with the command that shows it. */
import { findObservationKey } from '../facts/observation-keys.ts';
import type { Need } from '../model/types.ts';
import type { Said, Text } from '../shared/text.ts';
import { say } from '../shared/text.ts';

const texts = {
  dns: { en: 'what the name server {server} answers for {name} ({type})', zh: '名称服务器 {server} 对 {name}（{type}）的应答' },
  file: { en: 'the text of {path} in {view}', zh: '{view} 中 {path} 的内容' },
  dial: { en: 'whether {address} port {port} can be reached from this node', zh: '从该节点能否连上 {address} 端口 {port}' },
  run: { en: 'what getent says for {name} in {view}', zh: '在 {view} 中 getent 对 {name} 的结果' },
  holds: { en: 'whether this is so: {means}', zh: '以下是否成立：{means}' },
  unknownKey: { en: 'the fact {key}', zh: '事实 {key}' },
} as const;

const netnsFacts: Readonly<Record<Extract<Need, { kind: 'netns' }>['fact'], { readonly text: Text; readonly command: string }>> = {
  interfaces: { text: { en: 'the addresses of the interfaces, lo among them', zh: '各网络接口（含 lo）的地址' }, command: 'ip addr' },
  routes: {
    text: { en: 'the routes, those of table local included', zh: '路由表（含 local 表）' },
    command: 'ip route show table all; ip -6 route show table all',
  },
  rules: { text: { en: 'the policy routing rules', zh: '策略路由规则' }, command: 'ip rule; ip -6 rule' },
  ipv6Socket: {
    text: { en: 'whether the kernel has IPv6 at all', zh: '内核是否支持 IPv6' },
    command: 'cat /proc/net/if_inet6 /proc/cmdline',
  },
  disableIpv6: {
    text: { en: 'whether IPv6 is switched off by sysctl', zh: '是否通过 sysctl 关闭了 IPv6' },
    command: 'sysctl -a 2>/dev/null | grep disable_ipv6',
  },
  listeners: { text: { en: 'who listens on which address and port', zh: '哪些程序监听哪些地址和端口' }, command: 'ss -ltnup' },
  rejects: {
    text: { en: 'firewall rules that reject local traffic', zh: '拒绝本机流量的防火墙规则' },
    command: 'iptables-save -c; ip6tables-save -c; nft list ruleset',
  },
  sysctls: { text: { en: 'the network sysctls', zh: '网络相关的 sysctl' }, command: 'sysctl -a 2>/dev/null | grep ^net' },
};

const viewFacts: Readonly<Record<Extract<Need, { kind: 'view' }>['fact'], { readonly text: Text; readonly command: string }>> = {
  libc: { text: { en: 'which C library {view} has, and its version', zh: '{view} 使用的 C 库及版本' }, command: 'ldd --version' },
  sockets: {
    text: { en: 'which name service sockets {view} can reach', zh: '{view} 能访问哪些名称服务套接字' },
    command: 'ls -l /var/run/nscd/socket /run/systemd/resolve/',
  },
  nssModules: {
    text: { en: 'which NSS modules are installed in {view}', zh: '{view} 安装了哪些 NSS 模块' },
    command: 'ls /lib*/*/libnss_* /usr/lib*/libnss_*',
  },
  env: {
    text: { en: 'the environment of the process in {view}', zh: '{view} 中进程的环境变量' },
    command: 'tr "\\0" "\\n" < /proc/PID/environ',
  },
  programs: { text: { en: 'which programs are installed in {view}', zh: '{view} 安装了哪些程序' }, command: 'ping -V; curl -V' },
  mounts: { text: { en: 'what is mounted in {view}', zh: '{view} 的挂载情况' }, command: 'cat /proc/PID/mountinfo' },
  hostname: { text: { en: 'the host name of {view}', zh: '{view} 的主机名' }, command: 'hostname' },
  mainProgram: { text: { en: 'the main program of {view}', zh: '{view} 的主程序' }, command: 'cat /proc/PID/cmdline' },
};

export function describeNeed(need: Need): { readonly what: Said; readonly command?: string } {
  switch (need.kind) {
    case 'dns': {
      const { server, name, type } = need.question;
      return {
        what: say(texts.dns, { server, name, type }),
        command: `dig +norecurse=no @${server} ${name} ${type}`.replace('+norecurse=no ', ''),
      };
    }
    case 'file':
      return { what: say(texts.file, { path: need.path, view: need.view }), command: `cat ${need.path}` };
    case 'netns':
      return { what: say(netnsFacts[need.fact].text), command: netnsFacts[need.fact].command };
    case 'view':
      return { what: say(viewFacts[need.fact].text, { view: need.view }), command: viewFacts[need.fact].command };
    case 'observation':
      return describeObservation(need.key);
    case 'dial':
      return {
        what: say(texts.dial, { address: need.address, port: String(need.port) }),
        command:
          need.protocol === 'tcp'
            ? `nc -vz -w 3 ${need.address} ${String(need.port)}`
            : `nc -vzu -w 3 ${need.address} ${String(need.port)}`,
      };
    case 'run':
      return { what: say(texts.run, { name: need.name, view: need.view }), command: `getent ahosts ${need.name}` };
    case 'ask':
      return { what: say(need.what, need.values), command: need.command };
  }
}

/** What the registry says the key means; a key that has names in it keeps them, for the general sentence leaves them out. */
function describeObservation(key: string): { readonly what: Said; readonly command?: string } {
  const entry = findObservationKey(key);
  if (entry === undefined) return { what: say(texts.unknownKey, { key }) };
  const means = entry.key === key ? entry.means : { en: `${entry.means.en} [${key}]`, zh: `${entry.means.zh} [${key}]` };
  const what: Text =
    entry.type === 'boolean'
      ? { en: texts.holds.en.replace('{means}', lowered(means.en)), zh: texts.holds.zh.replace('{means}', means.zh) }
      : { en: lowered(means.en), zh: means.zh };
  return { what: say(what), ...(entry.command === undefined ? {} : { command: entry.command }) };
}

/** Within a sentence: "How long" becomes "how long"; proper names stay as they are. */
const lowered = (text: string): string => text.replace(ORDINARY_FIRST_WORD, (word) => word.toLowerCase());

const ORDINARY_FIRST_WORD =
  /^(?:The|An?|How|What|Which|Where|When|Why|Some|Only|Its?|That|There|Somebody|Something|Numbers?|Names?|Version|Address|Addresses|Size|Programs|Servers?|Ports?|Files?)(?= )/u;
