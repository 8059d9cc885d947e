# shellcheck shell=bash
# Variables are shared with the files that read this one.
# shellcheck disable=SC2034,SC2154
# Reads shell text into simple commands, without running or expanding anything. Written by harden-devcontainer.
#
# What only a shell could know (a variable, a substitution, a glob) becomes the character U+0001 in the word; who judges the
# words decides what that may stand for. The text of a substitution is read as commands of its own.

unknown=$'\001'
deepest=40

# bash measures a text each time that it takes a piece of it, so characters are taken from a piece of 400.
piece='' piece_at=0 piece_of=''
peek() { # sets `char` to the one at `at`; empty behind the end
  if [ "$at" -lt "$piece_at" ] || [ "$at" -ge $((piece_at + 400)) ] || [ "$piece_of" != "$text_id" ]; then
    piece=${text:at:400} piece_at=$at piece_of=$text_id
  fi
  char=${piece:at-piece_at:1}
}
texts_read=0

# Calls judge_words DEPTH WORD... for every simple command of TEXT; returns 1 where its quotes do not end.
read_shell() { # DEPTH TEXT
  local depth=$1 text=$2 at=0 length=${#2} level=0 stops=() plains=() bodies=() text_id
  [ "$length" -le 32768 ] || return 1
  texts_read=$((texts_read + 1)) text_id=$texts_read
  read_commands '' || return 1
  local body
  for body in "${bodies[@]}"; do read_body "$body" || return 1; done
}

# From here on `at` moves through the caller's `text`; every frame has words of its own.
read_commands() { # CLOSE
  local close=$1 words=() word='' has=no quoted=no redirect='' char
  level=$((level + 1))
  [ "$level" -le "$deepest" ] || return 1
  while [ "$at" -lt "$length" ]; do
    [ -z "$refused" ] || return 1
    peek
    at=$((at + 1))
    # Not a pattern: the closing character is compared as it is.
    if [ -n "$close" ] && [ "$char" = "$close" ]; then
      end_command
      level=$((level - 1))
      return 0
    fi
    case "$char" in
      [A-Za-z0-9_./:=@%+,^~-])
        if [ "$char" = - ] && [ "$redirect" = '<<' ] && [ "$has" = no ]; then continue; fi
        if [ "$char" = , ] && [[ $word == '{'* ]]; then word=$unknown${word#'{'}; fi
        has=yes word+=$char ;;
      ' ' | $'\t' | $'\r') end_word ;;
      $'\n')
        end_command
        [ "${#stops[@]}" -eq 0 ] || take_bodies ;;
      \\)
        peek
        at=$((at + 1))
        [ "$char" = $'\n' ] || { has=yes quoted=yes word+=$char; } ;;
      \') has=yes quoted=yes; read_single || return 1 ;;
      \") has=yes quoted=yes; read_double || return 1 ;;
      \$) has=yes; read_dollar no || return 1 ;;
      \`) has=yes word+=$unknown; read_commands \` || return 1 ;;
      \()
        # a=(…), f(), <(…) and a group: what is inside is commands.
        end_command
        read_commands \) || return 1 ;;
      ';' | '|' | ')') end_command ;;
      '&') if [ "$redirect" != '>' ] || [ "$has" = yes ]; then end_command; fi ;;
      '>' | '<')
        # A number before it names the file, and is no word.
        if [[ $word =~ ^[0-9]+$ ]]; then word='' has=no; fi
        end_word
        case "$redirect$char" in
          '<<') redirect='<<' ;;
          '<<<') redirect='' ;;
          *) redirect=$char ;;
        esac ;;
      '#')
        if [ "$has" = yes ]; then word+=$char; else
          while [ "$at" -lt "$length" ]; do
            peek
            [ "$char" != $'\n' ] || break
            at=$((at + 1))
          done
        fi ;;
      '*' | '?') has=yes word+=$unknown ;;
      '[') if [ "$has" = yes ] && [ "$word" != '[' ]; then word+=$unknown; else has=yes word+='['; fi ;;
      '{') if [ "$has" = yes ]; then word+=$unknown; else has=yes word='{'; fi ;;
      *) has=yes word+=$char ;;
    esac
  done
  end_command
  level=$((level - 1))
  [ -z "$close" ]
}

end_word() {
  if [ "$has" = yes ]; then
    case "$redirect" in
      '<<') stops+=("$word"); plains+=("$quoted") ;;
      '>') ;;
      *) words+=("$word") ;;
    esac
    redirect=''
  fi
  word='' has=no quoted=no
}

end_command() {
  end_word
  redirect=''
  [ "${#words[@]}" -eq 0 ] || judge_words "$depth" "${words[@]}"
  words=()
}

read_single() {
  local start=$at char
  while [ "$at" -lt "$length" ]; do
    peek
    if [ "$char" = \' ]; then
      word+=${text:start:at-start}
      at=$((at + 1))
      return 0
    fi
    at=$((at + 1))
  done
  return 1
}

read_double() {
  local char start=$at
  while [ "$at" -lt "$length" ]; do
    peek
    case "$char" in
      [\"\\\$\`]) ;;
      *) at=$((at + 1)); continue ;;
    esac
    word+=${text:start:at-start}
    at=$((at + 1))
    case "$char" in
      \") return 0 ;;
      \\)
        peek
        at=$((at + 1))
        case "$char" in [\"\\\$\`]) word+=$char ;; $'\n') ;; *) word+=\\$char ;; esac ;;
      \$) read_dollar yes || return 1 ;;
      \`) word+=$unknown; read_commands \` || return 1 ;;
    esac
    start=$at
  done
  return 1
}

read_dollar() { # yes inside of double quotes
  local char
  peek
  case "$char" in
    \()
      at=$((at + 1)) word+=$unknown
      read_commands \) ;;
    \{)
      at=$((at + 1)) word+=$unknown
      read_brace ;;
    \')
      [ "$1" = no ] || { word+=\$; return 0; }
      # $'…': its escapes are not worked out.
      at=$((at + 1)) quoted=yes
      while [ "$at" -lt "$length" ]; do
        peek
        at=$((at + 1))
        case "$char" in
          \') return 0 ;;
          \\) at=$((at + 1)) word+=$unknown ;;
          *) word+=$char ;;
        esac
      done
      return 1 ;;
    \") [ "$1" = no ] || word+=\$ ;;
    [A-Za-z_])
      while [[ $char == [A-Za-z0-9_] ]]; do
        at=$((at + 1))
        peek
      done
      word+=$unknown ;;
    [0-9@*\#?\$!-]) at=$((at + 1)) word+=$unknown ;;
    *) word+=\$ ;;
  esac
}

# ${name:-$(command)} runs the command; the rest is a variable's.
read_brace() {
  local char
  while [ "$at" -lt "$length" ]; do
    peek
    at=$((at + 1))
    case "$char" in
      '}') return 0 ;;
      \\) at=$((at + 1)) ;;
      \`) read_commands \` || return 1 ;;
      \$)
        peek
        if [ "$char" = '(' ]; then
          at=$((at + 1))
          read_commands \) || return 1
        elif [ "$char" = '{' ]; then
          at=$((at + 1))
          read_brace || return 1
        fi ;;
    esac
  done
  return 1
}

# The lines of the here-documents that began on the line above. Where the delimiter is not quoted, substitutions are run.
take_bodies() {
  local index line start stripped body char
  for index in "${!stops[@]}"; do
    body=''
    while [ "$at" -lt "$length" ]; do
      start=$at
      while [ "$at" -lt "$length" ]; do
        peek
        at=$((at + 1))
        [ "$char" != $'\n' ] || break
      done
      line=${text:start:at-start}
      line=${line%$'\n'}
      stripped=${line#"${line%%[!$'\t']*}"}
      if [ "$line" = "${stops[index]}" ] || [ "$stripped" = "${stops[index]}" ]; then break; fi
      body+=$line$'\n'
    done
    [ "${plains[index]}" = yes ] || bodies+=("$body")
  done
  stops=() plains=()
}

read_body() { # TEXT of a here-document, as if in double quotes
  local text=$1 at=0 length=${#1} char word='' quoted=no text_id
  texts_read=$((texts_read + 1)) text_id=$texts_read
  while [ "$at" -lt "$length" ]; do
    peek
    at=$((at + 1))
    case "$char" in
      \\) at=$((at + 1)) ;;
      \`) read_commands \` || return 1 ;;
      \$) read_dollar yes || return 1 ;;
    esac
  done
}
