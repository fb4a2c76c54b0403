// The textual form of a task graph: what `ray-cc --emit-graph` prints, `ray-graph` reads, and a
// workflow file is written in. Shapes only: which names exist and which calls fit is decided by
// compiler/graph and compiler/workflow (docs/graph.md and docs/workflows.md tell all of it).
//
// Input is bytes: a character above 0x7F is one byte of a UTF-8 sequence.
grammar TaskGraph;

graph     : 'graph' version=NUMBER source=STRING? function* EOF ;

function  : internal='internal'? kind=('task' | 'actor' | 'method' | 'function') symbol
            '(' (parameter (',' parameter)*)? ')' ('->' STRING (',' STRING)*)? place? block? ;
parameter : type=STRING VALUE? ;

block     : '{' statement* '}' ;
statement : loop | branch | lambda | operation ;
loop      : 'loop' NUMBER? place? block ;
branch    : 'if' place? block ('else' block)? ;
lambda    : 'lambda' place? block ;

operation : (VALUE (',' VALUE)* '=')? (call | put | use | escape) place? fact* ;
call      : how=('submit' | 'create' | 'call') callee '(' (argument (',' argument)*)? ')'
            ('on' refs)? ;
put       : 'put' '(' argument ')' (':' STRING)? ;
use       : how=('get' | 'view' | 'await' | 'print' | 'wait' | 'cancel' | 'kill' | 'return') refs ;
escape    : 'escape' refs STRING? ;

callee    : symbol | '?' ;
argument  : '_' | refs | literal ;
refs      : '&'? (origin | '{' origin (',' origin)* '}' | '[' (origin (',' origin)*)? ']') ;
origin    : VALUE | '?' ;
literal   : NUMBER | STRING | 'true' | 'false' | '[' literal (',' literal)* ']' ;

symbol    : SYMBOL | '@' STRING ;
place     : 'at' STRING? line=NUMBER ':' column=NUMBER ;
fact      : FACT ('=' (NUMBER | VALUE))? ;

SYMBOL    : '@' [a-zA-Z0-9_.:~#$\u0080-\u00FF]+ ;
VALUE     : '%' [a-zA-Z0-9_.$\u0080-\u00FF]+ ;
FACT      : '!' [a-z_]+ ;
NUMBER    : '-'? '.'? [0-9] ([eE] [+-] | '\'' [0-9a-zA-Z_] | [0-9a-zA-Z_.])* ;  // C++'s pp-number
STRING    : '"' (~["\\\r\n] | '\\' ~[\r\n])* '"' ;

COMMENT   : '//' ~[\r\n]* -> skip ;
SPACE     : [ \t\r\n]+ -> skip ;
WORD      : [a-zA-Z_\u0080-\u00FF] [a-zA-Z0-9_\u0080-\u00FF]* ;
OTHER     : . ;
