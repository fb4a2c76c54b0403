// The option language: what may stand between the parentheses of [[ray::remote(...)]] and
// [[ray::method(...)]]. Meaning (which options exist, which kind of value each takes) is checked in
// compiler/options/option_checker.cc; this grammar knows shapes only, so that a wrong value can be
// named for what it is.
//
// Input is bytes: a character above 0x7F is one byte of a UTF-8 sequence.
grammar RemoteOptions;

annotation : (option (',' option)* ','?)? EOF ;
option     : name=IDENTIFIER '=' value ;

value      : number | text | call | typeName | map | list ;
number     : '-'? NUMBER ;
text       : STRING+ ;
typeName   : '::'? IDENTIFIER ('::' IDENTIFIER)* ;
call       : IDENTIFIER '(' (value (',' value)*)? ')' ;
map        : '{' (entry (',' entry)* ','?)? '}' ;
entry      : key=(IDENTIFIER | STRING) ':' value ;
list       : '[' (value (',' value)* ','?)? ']' ;

IDENTIFIER : [a-zA-Z_\u0080-\u00FF] [a-zA-Z0-9_\u0080-\u00FF]* ;
NUMBER     : '.'? [0-9] ([eE] [+-] | '\'' [0-9a-zA-Z_] | [0-9a-zA-Z_.])* ;  // C++'s pp-number
STRING     : '"' (~["\\\r\n] | '\\' ~[\r\n])* '"' | 'R"(' .*? ')"' ;

COMMENT    : ('//' ~[\r\n]* | '/*' .*? '*/') -> skip ;
SPACE      : ([ \t\r\n\u000B\u000C] | '\\' '\r'? '\n')+ -> skip ;
OTHER      : . ;
