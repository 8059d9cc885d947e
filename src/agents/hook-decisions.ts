/** What a hook's text answers to an agent that asks it. */
export interface HookDecision {
  readonly allows: boolean;
  readonly rewrites: boolean;
  /** It can say no: by an answer, or by the one exit code that blocks. */
  readonly refuses: boolean;
  /** It says no in words, and then leaves with a code that blocks nothing. */
  readonly failsOpen: boolean;
}

const quote = String.raw`\\?["']?`;
const allow = new RegExp(
  String.raw`${quote}(?:permissionDecision|permission|decision|behavior)${quote}\s*[:=]\s*${quote}(?:allow|approve)\b`,
);
const deny = new RegExp(
  String.raw`${quote}(?:permissionDecision|permission|decision|behavior)${quote}\s*[:=]\s*${quote}(?:deny|ask|block)\b|\bcontinue${quote}\s*:\s*false`,
);
const blocks = /\bexit\s+2\b|\bexit\(2\)|\bprocess\.exitCode\s*=\s*2\b/;
const fails = /\bexit\s+1\b|\b(?:sys|process)\.exit\(1\)|\braise\s+SystemExit\(1\)/;
const words =
  /\b(?:block(?:ed|ing)?|den(?:y|ied)|refus(?:e[ds]?|ing)|forbidden|not\s+allowed|prohibited|disallowed|reject(?:ed)?)\b/i;

export function decisionOf(text: string): HookDecision {
  const refuses = deny.test(text) || blocks.test(text);
  return {
    allows: allow.test(text),
    rewrites: /\bupdatedInput\b/.test(text),
    refuses,
    failsOpen: !refuses && fails.test(text) && words.test(text),
  };
}
