import type { Approval } from './guards.js';

/**
 * Files that no agent needs to read, for its own permission rules. A name alone is meant in every folder, `~/` is the user's
 * home, `*` any run of characters within a step and `**` any steps. Names of templates such as `.env.example` are left out,
 * because these rules know no exceptions.
 */
export const secretPatterns = [
  ...['.env', '.env.local', '.env.*.local', '.env.dev', '.env.development', '.env.prod', '.env.production'],
  ...[
    '.env.stage',
    '.env.staging',
    '.envrc',
    '.netrc',
    '.pgpass',
    '.my.cnf',
    '.git-credentials',
    '.pypirc',
    '.htpasswd',
  ],
  ...[
    'id_rsa',
    'id_dsa',
    'id_ecdsa',
    'id_ed25519',
    '*.key',
    '*.p12',
    '*.pfx',
    '*.jks',
    '*.keystore',
    '*.kdbx',
    '*.ppk',
  ],
  ...[
    '*.tfstate',
    '*.tfvars',
    'kubeconfig',
    'credentials.json',
    '.credentials.json',
    'auth.json',
    'service-account*.json',
  ],
  ...['client_secret*.json', 'secrets.yaml', 'secrets.yml', 'secrets.json', 'master.key', '.vault-token'],
  ...[
    '~/.ssh/**',
    '~/.aws/**',
    '~/.azure/**',
    '~/.gnupg/**',
    '~/.kube/**',
    '~/.config/gcloud/**',
    '~/.config/gh/**',
  ],
  ...[
    '~/.docker/config.json',
    '~/.npmrc',
    '~/.config/git/credentials',
    '~/.cargo/credentials*',
    '~/.gem/credentials',
  ],
  ...['~/.m2/settings.xml', '~/.terraform.d/**', '/proc/*/environ', '/run/secrets/**', '/run/harden-mcp/**'],
] as const;

/** Files that the host runs or obeys later: a change of them is for a person to see. */
export const obeyedPatterns = [
  ...['.devcontainer/**', '.git/hooks/**', '.git/config', '.husky/**', '.vscode/**', '.idea/**'],
  ...['.envrc', '.mcp.json', '.claude/**', '.codex/**', '.gemini/**', '.cursor/**', '.github/workflows/**'],
] as const;

/** Beginnings of commands that a person approves first. The guard knows more spellings; these are for the agents' own rules. */
export const approvalCommands: Readonly<Record<Approval, readonly string[]>> = {
  push: ['git push', 'git send-pack', 'gh pr merge', 'glab mr merge'],
  publish: [
    ...[
      'npm publish',
      'pnpm publish',
      'yarn publish',
      'yarn npm publish',
      'bun publish',
      'twine upload',
      'uv publish',
    ],
    ...['poetry publish', 'cargo publish', 'gem push', 'mvn deploy', 'gradle publish', './gradlew publish'],
    ...[
      'dotnet nuget push',
      'mix hex.publish',
      'docker push',
      'helm push',
      'gh release create',
      'vsce publish',
    ],
  ],
  deploy: [
    ...[
      'kubectl apply',
      'kubectl delete',
      'helm install',
      'helm upgrade',
      'terraform apply',
      'terraform destroy',
    ],
    ...[
      'tofu apply',
      'pulumi up',
      'cdk deploy',
      'sam deploy',
      'serverless deploy',
      'sls deploy',
      'vercel deploy',
    ],
    ...[
      'vercel --prod',
      'netlify deploy',
      'fly deploy',
      'flyctl deploy',
      'wrangler deploy',
      'firebase deploy',
    ],
    ...[
      'gcloud app deploy',
      'gcloud run deploy',
      'aws cloudformation deploy',
      'ansible-playbook',
      'kamal deploy',
    ],
    ...['gh workflow run'],
  ],
  migrate: [
    ...['prisma migrate', 'npx prisma migrate', 'prisma db push', 'npx prisma db push', 'rails db:migrate'],
    ...[
      'bin/rails db:migrate',
      'bundle exec rails db:migrate',
      'rake db:migrate',
      'alembic upgrade',
      'flask db upgrade',
    ],
    ...[
      'python manage.py migrate',
      'python3 manage.py migrate',
      './manage.py migrate',
      'php artisan migrate',
    ],
    ...[
      'flyway migrate',
      'liquibase update',
      'knex migrate:latest',
      'npx knex migrate:latest',
      'npx sequelize db:migrate',
    ],
    ...[
      'npx sequelize-cli db:migrate',
      'npx typeorm migration:run',
      'npx drizzle-kit push',
      'npx drizzle-kit migrate',
    ],
    ...[
      'goose up',
      'dbmate up',
      'atlas migrate apply',
      'sqlx migrate run',
      'diesel migration run',
      'mix ecto.migrate',
    ],
    ...['dotnet ef database update'],
  ],
};
