/** The tools of Claude Code that a hook can be asked about. */
export const claudeTools: readonly string[] =
  `Agent AskUserQuestion Bash BashOutput Edit EnterPlanMode ExitPlanMode Glob Grep KillBash KillShell LS LSP MultiEdit
  NotebookEdit NotebookRead PowerShell Read SendMessage Skill SlashCommand StructuredOutput Task TaskCreate TaskGet
  TaskList TaskOutput TaskStop TaskUpdate TodoRead TodoWrite ToolSearch WebFetch WebSearch Write`.split(
    /\s+/,
  );

/** Why a hook's matcher matches no tool; undefined where it may match one. */
export function matcherProblem(text: string): string | undefined {
  const matcher = text.trim();
  if (/^mcp__(?:(?!__)[\w-])+$/.test(matcher) && !matcher.slice(5).includes('__'))
    return `${matcher} is no tool; ${matcher}__.* matches those of the server`;
  if (/^[A-Za-z]+\(.*\)$/s.test(matcher))
    return `${matcher} is a permission rule, and a matcher is the name of a tool`;
  const names = matcher.split('|').map((name) => name.trim());
  if (!names.every((name) => /^[A-Za-z]+$/.test(name)) || names.some((name) => claudeTools.includes(name)))
    return undefined;
  const meant = names.map((name) => claudeTools.find((tool) => tool.toLowerCase() === name.toLowerCase()));
  return meant.every((tool) => tool !== undefined)
    ? `the tool is called ${meant.join('|')}, and case counts (${matcher})`
    : undefined;
}
