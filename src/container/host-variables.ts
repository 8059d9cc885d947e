import type { HostPath } from './host-path.js';

type Base = Pick<HostPath, 'base' | 'segments' | 'ignoreCase'>;

function home(path: string, ignoreCase = false): Base {
  return { base: 'home', segments: path.split('/').filter(Boolean), ignoreCase };
}

function root(path: string, ignoreCase = false): Base {
  return { base: 'root', segments: path.split('/').filter(Boolean), ignoreCase };
}

/** Host variables whose value is known to be a place, by their usual value. */
const places: ReadonlyMap<string, Base> = new Map(
  Object.entries({
    HOME: home(''),
    USERPROFILE: home('', true),
    HOMEPATH: home('', true),
    APPDATA: home('AppData/Roaming', true),
    LOCALAPPDATA: home('AppData/Local', true),
    TEMP: home('AppData/Local/Temp', true),
    TMP: home('AppData/Local/Temp', true),
    PROGRAMDATA: root('ProgramData', true),
    SYSTEMROOT: root('Windows', true),
    WINDIR: root('Windows', true),
    SYSTEMDRIVE: root('', true),
    XDG_CONFIG_HOME: home('.config'),
    XDG_DATA_HOME: home('.local/share'),
    XDG_STATE_HOME: home('.local/state'),
    XDG_CACHE_HOME: home('.cache'),
    XDG_RUNTIME_DIR: { base: 'runtime', segments: [], ignoreCase: false },
    CODEX_HOME: home('.codex'),
    CLAUDE_CONFIG_DIR: home('.claude'),
    COPILOT_HOME: home('.copilot'),
    KUBECONFIG: home('.kube/config'),
    GNUPGHOME: home('.gnupg'),
    AWS_SHARED_CREDENTIALS_FILE: home('.aws/credentials'),
    AWS_CONFIG_FILE: home('.aws/config'),
    AZURE_CONFIG_DIR: home('.azure'),
    CLOUDSDK_CONFIG: home('.config/gcloud'),
    GOOGLE_APPLICATION_CREDENTIALS: home('.config/gcloud/application_default_credentials.json'),
    DOCKER_CONFIG: home('.docker'),
    GH_CONFIG_DIR: home('.config/gh'),
    NPM_CONFIG_USERCONFIG: home('.npmrc'),
    GIT_CONFIG_GLOBAL: home('.gitconfig'),
    CARGO_HOME: home('.cargo'),
    PASSWORD_STORE_DIR: home('.password-store'),
    XAUTHORITY: home('.Xauthority'),
  }),
);

/** Where the value of a host variable points; undefined where only the host knows. Windows ignores the case of names. */
export function placeOfVariable(name: string): Base | undefined {
  return places.get(name) ?? places.get(name.toUpperCase());
}
