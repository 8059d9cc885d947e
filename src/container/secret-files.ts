import { findSecrets, isPlaceholder, isThrowAway } from '../core/secret-shapes.js';
import { isSecretName } from './secret-names.js';
import { looksRandom } from './secret-values.js';

/** A file of a repository that holds a secret, or is of a kind that always does. */
export interface SecretFile {
  /** A noun for messages: 'a private key'. */
  readonly what: string;
  /** `error` where what it opens is lost with it, `warning` for values that may be local. */
  readonly severity: 'error' | 'warning';
  /** Its content was looked at; a binary file is known by its name alone. */
  readonly certain: boolean;
}

type Judge = (text: string | undefined) => SecretFile | undefined;

const sure = (what: string, severity: SecretFile['severity'] = 'error'): SecretFile => ({
  what,
  severity,
  certain: true,
});

const holds =
  (pattern: RegExp, what: string): Judge =>
  (text) =>
    text !== undefined && pattern.test(text) ? sure(what) : undefined;

const byNameAlone =
  (what: string): Judge =>
  () => ({ what, severity: 'error', certain: false });

const privateKey = holds(/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/, 'a private key');

/** A value under the name of a secret, in whatever way the file writes them: `name = value`, `"name": "value"`. */
const assigned =
  /["']?([A-Za-z][\w.-]{1,80})["']?\s{0,10}[:=]\s{0,10}(?:"([^"\r\n]{1,2000})"|'([^'\r\n]{1,2000})'|([^\s"'#,{[][^\s#,]{0,2000}))/g;

/** Values that open something, by their form or by the name that they stand under. */
function hasSecretValue(text: string, isReal: (value: string) => boolean): boolean {
  if (findSecrets(text).length > 0) return true;
  for (const [, name = '', double, single, bare] of text.matchAll(assigned)) {
    const value = double ?? single ?? bare ?? '';
    if (isSecretName(name) && isReal(value)) return true;
  }
  return false;
}

const isSet = (value: string) => value.length > 3 && !isPlaceholder(value) && !isThrowAway(value);

const valued =
  (what: string, severity: SecretFile['severity'], isReal: (value: string) => boolean): Judge =>
  (text) =>
    text !== undefined && hasSecretValue(text, isReal) ? sure(what, severity) : undefined;

/** Names of Appendix A.2 of the rule catalogue, and what in the content makes such a file one. */
const kinds: readonly (readonly [name: RegExp, judge: Judge])[] = [
  [
    /^\.env(?:\.(?!example|sample|template|dist|defaults?|schema|vault|test$|ci$)[\w.-]+)?$/,
    valued('values of an environment', 'warning', isSet),
  ],
  [/\.(?:pem|key)$|^id_(?:rsa|dsa|ecdsa|ed25519)$/, privateKey],
  [/\.(?:p12|pfx|jks|keystore|kdbx)$/, byNameAlone('a store of keys')],
  [/\.ppk$/, holds(/Private-Lines:/, 'a private key')],
  [/\.tfstate(?:\.backup)?$/, valued('the state of Terraform with secrets', 'error', looksRandom)],
  [/\.tfvars(?:\.json)?$/, valued('secrets for Terraform', 'error', isSet)],
  [/^kubeconfig$|\.kubeconfig$/, holds(/client-key-data|^\s{0,40}token:\s{0,4}\S/m, 'a login to a cluster')],
  [
    /^\.?credentials\.json$|^auth\.json$|^service-account.*\.json$|firebase-adminsdk.*\.json$|^client_secret.*\.json$|^local\.settings\.json$/,
    holds(
      /"(?:private_key|client_secret|refresh_token|access_token|id_token|accessToken|refreshToken|OPENAI_API_KEY)"\s{0,10}:\s{0,10}"[^"<$]{8}/,
      'a login',
    ),
  ],
  [
    /^\.npmrc$|^\.yarnrc\.yml$/,
    holds(
      /(?:_authToken|_auth|_password|npmAuthToken)\s{0,4}[=:]\s{0,4}["']?(?!\$|<|["'])[^\s$<]{8}/,
      "a package registry's token",
    ),
  ],
  [/^\.pypirc$|^\.my\.cnf$/, holds(/^\s{0,10}password\s{0,4}[=:]\s{0,4}(?!\$|<)\S{4}/m, 'a password')],
  [/^\.netrc$/, holds(/\bpassword\s{1,20}(?!\$|<)\S{4}/, 'a password')],
  [/^\.git-credentials$/, holds(/:\/\/[^:@/\s]{0,200}:[^@\s]{1,200}@/, 'a login to a forge')],
  [/^\.pgpass$/, holds(/^[^#\s][^\n]{0,200}:[^:\n]{1,200}$/m, 'a password')],
  [/^\.htpasswd$/, holds(/:(?:\$2[aby]\$|\$apr1\$|\{SHA\})/, 'password hashes')],
  [/^\.vault_pass/, holds(/^\s{0,4}[^\s#]{6}/, 'the password of a vault')],
  [/\.ovpn$/, privateKey],
  [/^wg.*\.conf$/, holds(/^\s{0,10}PrivateKey\s{0,4}=\s{0,4}[A-Za-z0-9+/]{40}/m, "a network's private key")],
  [/^\.dockercfg$/, holds(/"auth"\s{0,10}:\s{0,10}"[^"]{8}/, "a container registry's login")],
  [/^secrets\.(?:ya?ml|json|toml)$/, valued('secrets', 'error', isSet)],
];

/** Files that are known by their folder too. */
const places: readonly (readonly [path: RegExp, judge: Judge])[] = [
  [
    /(?:^|\/)\.docker\/config\.json$/,
    holds(/"auth"\s{0,10}:\s{0,10}"[^"]{8}/, "a container registry's login"),
  ],
  [
    /(?:^|\/)\.aws\/credentials$/,
    holds(/aws_secret_access_key\s{0,4}=\s{0,4}(?!\$|<)\S{16}/i, 'cloud credentials'),
  ],
  [/(?:^|\/)\.?secrets\/[^/]+$/, valued('secrets', 'error', looksRandom)],
];

/** Of encrypted files nothing is lost. */
const encrypted =
  /^\$ANSIBLE_VAULT|^\0GITCRYPT|"sops"\s{0,4}:|^sops:|^age-encryption\.org|-----BEGIN (?:AGE ENCRYPTED|PGP MESSAGE)/m;
const sample = /\.(?:example|sample|template|tmpl|dist|defaults?|schema|enc|gpg|age|asc|pub|crt|cer|vault)$/i;

const anyKind = anyOf(kinds);
const anyPlace = anyOf(places);

/** Each name of a large repository is asked about, and hardly one is of a kind. */
function anyOf(all: readonly (readonly [RegExp, Judge])[]): RegExp {
  return new RegExp(all.map(([{ source }]) => source).join('|'));
}

function judgeOf(path: string): Judge | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const isKind = anyKind.test(name);
  if ((!isKind && !anyPlace.test(path)) || sample.test(name)) return undefined;
  return ((isKind ? kinds : []).find(([pattern]) => pattern.test(name)) ??
    places.find(([pattern]) => pattern.test(path)))?.[1];
}

/** Whether a file of that name may hold a secret, without a look at it. */
export function maySecretFile(path: string): boolean {
  return judgeOf(path) !== undefined;
}

/** What secret a file holds; `text` is undefined where it cannot be read as text. Undefined for an ordinary file. */
export function judgeSecretFile(path: string, text: string | undefined): SecretFile | undefined {
  if (text !== undefined && encrypted.test(text.slice(0, 100_000))) return undefined;
  return judgeOf(path)?.(text?.slice(0, 1_000_000));
}

/** Whether a path is that of a test's or an example's data. */
export function isSampleData(path: string): boolean {
  return /(?:^|\/)(?:tests?|__tests__|spec|specs|fixtures?|testdata|examples?|samples?|demo|docs?|mocks?|__mocks__)\//i.test(
    path,
  );
}
