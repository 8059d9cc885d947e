import type { TestExpression, Word } from 'unbash';
import type { Truth } from './firewall-machine.js';
import { isKnown, usualText, type Value } from './firewall-value.js';
import { type Expander, expandText } from './firewall-words.js';

/** A condition of more words is no real one. */
const mostWords = 100;

const unsaid: Truth = { cause: 'other' };

/** `[[ … ]]` as far as it can be told. */
export function judgeTest(expression: TestExpression, expander: Expander): Truth {
  switch (expression.type) {
    case 'TestUnary':
      return unary(expression.operator, expandText(expression.operand, expander));
    case 'TestBinary':
      return binary(
        expression.operator,
        expandText(expression.left, expander),
        expandText(expression.right, expander),
        hasPattern(expression.right),
      );
    case 'TestNot':
      return expression.negations.length % 2 === 1
        ? negate(judgeTest(expression.operand, expander))
        : judgeTest(expression.operand, expander);
    case 'TestGroup':
      return judgeTest(expression.expression, expander);
    case 'TestLogical':
      return expression.operands
        .map((operand) => judgeTest(operand, expander))
        .reduce((left, right) => combine(expression.operator, left, right));
  }
}

/** `[ … ]` and `test …`, whose operators are words. */
export function judgeBrackets(words: readonly Value[]): Truth {
  if (words.length > mostWords) return unsaid;
  const [first, second, third] = words;
  if (first?.text === '!') return negate(judgeBrackets(words.slice(1)));
  const joint = words.findIndex(({ text }, index) => index > 0 && (text === '-a' || text === '-o'));
  if (joint > 0 && words.length > 3)
    return combine(
      words[joint]?.text === '-a' ? '&&' : '||',
      judgeBrackets(words.slice(0, joint)),
      judgeBrackets(words.slice(joint + 1)),
    );
  if (first && second && third) return binary(second.text, first, third, false);
  if (first && second) return unary(first.text, second);
  return first ? unary('-n', first) : { holds: false, usually: false, cause: 'other' };
}

function hasPattern(word: Word): boolean {
  return (word.parts ?? []).some(({ type }) => type === 'Glob' || type === 'ExtendedGlob');
}

function unary(operator: string, value: Value): Truth {
  if (operator === '-n' || operator === '-z') {
    const isWanted = (text: string) => (text === '') === (operator === '-z');
    // Of an unknown stretch nothing is known, not even that there is one; what stands beside it is.
    const holds = isKnown(value) ? isWanted(value.text) : undefined;
    const usual = usualText(value);
    return { holds, usually: usual === undefined ? undefined : isWanted(usual), cause: causeOf([value]) };
  }
  return { cause: /^-[xfes]$/.test(operator) && /\/(?:s?bin)\//.test(value.text) ? 'tool' : 'other' };
}

function binary(operator: string, left: Value, right: Value, isPattern: boolean): Truth {
  const cause = causeOf([left, right]);
  if (!/^(?:==?|!=|-eq|-ne)$/.test(operator) || isPattern) return { cause };
  const isEqual = operator === '=' || operator === '==' || operator === '-eq';
  const compare = (a: string | undefined, b: string | undefined) =>
    a === undefined || b === undefined ? undefined : (a === b) === isEqual;
  const holds = isKnown(left) && isKnown(right) ? compare(left.text, right.text) : undefined;
  return { holds, usually: compare(usualText(left), usualText(right)), cause };
}

function causeOf(values: readonly Value[]): Truth['cause'] {
  const origins = values.flatMap((value) => value.origins);
  if (origins.includes('status')) return 'tool';
  return origins.includes('argument') || origins.includes('environment') ? 'caller' : 'other';
}

export function negate({ holds, usually, cause }: Truth): Truth {
  const turn = (value: boolean | undefined) => (value === undefined ? undefined : !value);
  return { holds: turn(holds), usually: turn(usually), cause };
}

export function combine(operator: '&&' | '||', left: Truth = unsaid, right: Truth = unsaid): Truth {
  const decisive = operator === '||';
  const join = (a: boolean | undefined, b: boolean | undefined) => {
    if (a === decisive || b === decisive) return decisive;
    return a === undefined || b === undefined ? undefined : !decisive;
  };
  const cause = left.cause === 'other' ? right.cause : left.cause;
  return { holds: join(left.holds, right.holds), usually: join(left.usually, right.usually), cause };
}
