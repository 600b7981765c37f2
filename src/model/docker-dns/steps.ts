import { defineSteps } from '../steps.ts';

export const dockerDnsSteps = defineSteps('docker-dns', {
  container: {
    en: 'Docker’s own DNS knows {name} as a container: {addresses}.',
    zh: 'Docker 内置 DNS 知道容器 {name}：{addresses}。',
    rule: 'moby daemon/libnetwork/resolver.go handleIPQuery',
  },
  ndotsSet: {
    en: 'ndots is set, so Docker’s own DNS does not forward the single label {name} and answers it with nothing.',
    zh: '由于设置了 ndots，Docker 内置 DNS 不转发单标签名称 {name}，返回空应答。',
    rule: 'moby daemon/libnetwork/resolver.go serveDNS',
  },
  forwards: {
    en: 'Docker’s own DNS forwards {name} to {servers}.',
    zh: 'Docker 内置 DNS 将 {name} 转发至 {servers}。',
    rule: 'moby daemon/libnetwork/resolver.go forwardExtDNS',
  },
});
