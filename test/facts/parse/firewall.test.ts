import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { parseIptablesSave } from '../../../src/facts/parse/iptables-save.ts';
import { parseNftRuleset } from '../../../src/facts/parse/nft-ruleset.ts';

const save = (rules: string, policies = ':INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n'): string =>
  `*nat\n:INPUT ACCEPT [0:0]\n-A INPUT -j DROP\nCOMMIT\n*filter\n${policies}${rules}\nCOMMIT\n`;

describe('iptables-save', () => {
  test('a rejecting rule with its conditions and counter', () => {
    expect(
      parseIptablesSave(
        save('[3:180] -A INPUT -d 127.0.0.1/32 -p tcp -m tcp --dport 6443 -j REJECT --reject-with icmp-host-prohibited'),
        'inet',
      ),
    ).toEqual([
      {
        family: 'inet',
        hook: 'input',
        destination: '127.0.0.1/32',
        protocol: 'tcp',
        port: 6443,
        verdict: 'icmp-host-prohibited',
        packets: 3,
        text: '-A INPUT -d 127.0.0.1/32 -p tcp -m tcp --dport 6443 -j REJECT --reject-with icmp-host-prohibited',
      },
    ]);
  });

  test.each<readonly [string, string, readonly string[]]>([
    [
      'firewalld and RHEL let everything on lo in first',
      '-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT\n-A INPUT -p icmp -j ACCEPT\n-A INPUT -i lo -j ACCEPT\n-A INPUT -p tcp -m state --state NEW -m tcp --dport 22 -j ACCEPT\n-A INPUT -j REJECT --reject-with icmp-host-prohibited',
      [],
    ],
    ['a rule for another interface', '-A INPUT -i eth0 -p tcp --dport 6443 -j DROP', []],
    ['everything but lo', '-A INPUT ! -i lo -j DROP', []],
    ['forwarded traffic is not local', '-A FORWARD -j REJECT', []],
    ['only connections that exist already', '-A INPUT -m conntrack --ctstate ESTABLISHED -j DROP', []],
    ['dropped on the way out', '-A OUTPUT -o lo -p tcp --dport 10248 -j DROP', ['output drop']],
    [
      'several ports',
      '-A INPUT -p tcp -m multiport --dports 80,443,8000:8001 -j REJECT',
      ['input icmp-port-unreachable', 'input icmp-port-unreachable', 'input icmp-port-unreachable', 'input icmp-port-unreachable'],
    ],
    [
      'in a chain that INPUT jumps to',
      ':MY - [0:0]\n-A INPUT -p tcp -j MY\n-A MY -d 127.0.0.0/8 -j REJECT --reject-with tcp-reset',
      ['input tcp-reset'],
    ],
    ['a chain that returns before', ':MY - [0:0]\n-A INPUT -j MY\n-A MY -i lo -j RETURN\n-A MY -j DROP', []],
    ['a chain nobody jumps to', ':MY - [0:0]\n-A MY -j DROP', []],
    ['a chain that accepts everything on lo', ':MY - [0:0]\n-A INPUT -j MY\n-A INPUT -j DROP\n-A MY -i lo -j ACCEPT', []],
    ['logging is no verdict', '-A INPUT -j LOG --log-prefix "x y "\n-A INPUT -d 127.0.0.1/32 -j DROP', ['input drop']],
    ['a loop of chains ends', ':A - [0:0]\n:B - [0:0]\n-A INPUT -j A\n-A A -j B\n-A B -j A\n-A INPUT -j DROP', ['input drop']],
  ])('%s', (_, rules, expected) => {
    expect(parseIptablesSave(save(rules), 'inet').map((r) => `${r.hook} ${r.verdict}`)).toEqual(expected);
  });

  test('the policy drops what no rule took', () => {
    const policies = ':INPUT DROP [7:420]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n';
    expect(parseIptablesSave(save('-A INPUT -p icmp -j ACCEPT', policies), 'inet')).toMatchObject([
      { hook: 'input', verdict: 'drop', packets: 7, unknownConditions: ['after: -A INPUT -p icmp -j ACCEPT'] },
    ]);
    expect(parseIptablesSave(save('-A INPUT -i lo -j ACCEPT', policies), 'inet')).toEqual([]);
  });

  test('what is not understood stays with the rule', () => {
    expect(
      parseIptablesSave(save('-A INPUT -p tcp -m owner --uid-owner 0 -m comment --comment "a -j b" --dport 53 -j DROP'), 'inet'),
    ).toMatchObject([{ verdict: 'drop', protocol: 'tcp', port: 53, unknownConditions: ['-m owner', '--uid-owner 0'] }]);
    expect(parseIptablesSave(save('-A INPUT -p tcp ! --dport 22 -j DROP'), 'inet')[0]?.unknownConditions).toEqual(['! --dport 22']);
  });

  test('the default reject type of each family', () => {
    expect(parseIptablesSave(save('-A INPUT -p udp -j REJECT'), 'inet6')[0]?.verdict).toBe('icmp6-port-unreachable');
  });
});

const ruleset = (body: string, policy = 'accept'): string => `table inet filter {
	set blocked {
		type ipv4_addr
		elements = { 10.0.0.1 }
	}

	chain input {
		type filter hook input priority filter; policy ${policy};
${body
  .split('\n')
  .map((l) => `\t\t${l}`)
  .join('\n')}
	}

	chain other {
		drop
	}
}
`;

describe('nft list ruleset', () => {
  test.each<readonly [string, string, readonly string[]]>([
    ['a rule for a port', 'tcp dport 6443 counter packets 5 bytes 300 reject with tcp reset', ['both input tcp 6443 tcp-reset 5']],
    ['a set of ports', 'tcp dport { 80, 443 } drop', ['both input tcp 80 drop -', 'both input tcp 443 drop -']],
    ['lo is let in first', 'iifname "lo" accept\ncounter packets 0 bytes 0 reject with icmpx admin-prohibited', []],
    ['by index of the interface', 'iif "lo" accept\ndrop', []],
    ['a family', 'ip6 daddr ::1 reject with icmpv6 admin-prohibited', ['inet6 input - - icmp6-adm-prohibited -']],
    ['a protocol by number', 'meta l4proto 6 drop', ['both input 6 - drop -']],
    ['states by name and by number', 'ct state established,related accept\nct state 0x8 drop', ['both input - - drop -']],
    ['the default reject', 'reject', ['both input - - icmpx-port-unreachable -']],
    ['a jump', 'jump other', ['both input - - drop -']],
    ['old spelling of reject', 'ip daddr 127.0.0.1 reject with icmp type host-prohibited', ['inet input - - icmp-host-prohibited -']],
    ['another interface', 'iifname != "lo" drop', []],
  ])('%s', (_, body, expected) => {
    expect(
      parseNftRuleset(ruleset(body)).map(
        (r) => `${r.family} ${r.hook} ${r.protocol ?? '-'} ${String(r.port ?? '-')} ${r.verdict} ${String(r.packets ?? '-')}`,
      ),
    ).toEqual(expected);
  });

  test('what is not understood stays with the rule', () => {
    expect(parseNftRuleset(ruleset('ip saddr @blocked drop'))[0]?.unknownConditions).toEqual(['ip saddr @blocked']);
    expect(parseNftRuleset(ruleset('meta skuid 1000 drop'))[0]?.unknownConditions).toEqual(['meta skuid 1000']);
  });

  test('the policy', () => {
    expect(parseNftRuleset(ruleset('iifname "lo" accept', 'drop'))).toEqual([]);
    expect(parseNftRuleset(ruleset('tcp dport 22 accept', 'drop'))).toMatchObject([
      { hook: 'input', verdict: 'drop', unknownConditions: ['after: tcp dport 22 accept'] },
    ]);
  });

  test('tables that iptables-save told of already, and hooks that are not local', () => {
    const text =
      'table ip filter {\n\tchain INPUT {\n\t\ttype filter hook input priority 0; policy accept;\n\t\tdrop\n\t}\n}\ntable ip nat {\n\tchain P {\n\t\ttype nat hook prerouting priority -100;\n\t\tdrop\n\t}\n}\n';
    expect(parseNftRuleset(text, new Set(['inet']))).toEqual([]);
    expect(parseNftRuleset(text)).toHaveLength(1);
  });
});

property.prop([
  fc.array(
    fc.constantFrom(
      '-A INPUT',
      '-j',
      'DROP',
      ':MY - [0:0]',
      '-A MY -j MY',
      '!',
      '--dport',
      '1:65535',
      '"',
      '{',
      '}',
      'chain a {',
      'table ip x {',
      'drop',
      'jump a',
      '\n',
      ' ',
      'type filter hook input priority 0; policy drop;',
    ),
    { maxLength: 60 },
  ),
])('no text makes them throw or run for ever', (parts) => {
  parseIptablesSave(`*filter\n:INPUT ACCEPT [0:0]\n${parts.join(' ')}`, 'inet');
  parseNftRuleset(parts.join('\n'));
});
