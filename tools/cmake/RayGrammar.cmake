# ray_grammar(target Name) makes the static library of the parser that ANTLR's tool writes from
# grammar/Name.g4; its headers are NameLexer.h and NameParser.h.
include_guard()
find_package(antlr4-runtime REQUIRED)
find_program(RAY_ANTLR4 antlr4 REQUIRED)

function(ray_grammar target name)
  set(grammar ${CMAKE_SOURCE_DIR}/grammar/${name}.g4)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/generated)
  set(generated
    ${folder}/${name}Lexer.cpp ${folder}/${name}Lexer.h
    ${folder}/${name}Parser.cpp ${folder}/${name}Parser.h)
  add_custom_command(
    OUTPUT ${generated}
    COMMAND ${RAY_ANTLR4} -Dlanguage=Cpp -Werror -no-listener -no-visitor -Xexact-output-dir
            -o ${folder} ${grammar}
    DEPENDS ${grammar}
    COMMENT "Making the parser of ${name}.g4"
    VERBATIM)
  add_library(${target} STATIC ${generated})
  target_include_directories(${target} SYSTEM PUBLIC ${ANTLR4_INCLUDE_DIR} ${folder})
  # u8"" literals of the tool's C++ are of C++17's type.
  target_compile_options(${target} PUBLIC -fno-char8_t PRIVATE -w)
  target_link_libraries(${target} PUBLIC antlr4_shared)
endfunction()
