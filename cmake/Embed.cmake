# vt_embed(TARGET NAME FILE HEADER): the bytes of FILE become part of TARGET, as the function declared in HEADER:
#   std::string_view vt::<module>::NAME();
# HEADER is src/<module>/x.hpp. Only programs that call the function carry the bytes.
function(vt_embed TARGET NAME FILE HEADER)
  get_filename_component(file ${FILE} ABSOLUTE BASE_DIR ${CMAKE_SOURCE_DIR})
  if(NOT EXISTS ${file})
    message(FATAL_ERROR "vt_embed: ${file} is not there")
  endif()
  string(REGEX REPLACE "/.*" "" module ${HEADER})
  set(made ${CMAKE_BINARY_DIR}/embedded_${NAME}.cpp)
  file(CONFIGURE OUTPUT ${made} @ONLY CONTENT [=[
// Made by cmake/Embed.cmake: not to be edited.
#include "@HEADER@"

__asm__(R"(
    .section .rodata
    .balign 16
    .global vt_embedded_@NAME@
vt_embedded_@NAME@:
    .incbin "@file@"
    .global vt_embedded_@NAME@_end
vt_embedded_@NAME@_end:
    .byte 0
    .text
)");
extern "C" const char vt_embedded_@NAME@[];
extern "C" const char vt_embedded_@NAME@_end[];

namespace vt::@module@ {

std::string_view @NAME@() {
    return {vt_embedded_@NAME@, static_cast<std::size_t>(vt_embedded_@NAME@_end - vt_embedded_@NAME@)};
}

}  // namespace vt::@module@
]=])
  set_source_files_properties(${made} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_sources(${TARGET} PRIVATE ${made})
  # The object holds bytes that the compiler does not see in its source.
  set_source_files_properties(${made} PROPERTIES SKIP_PRECOMPILE_HEADERS ON OBJECT_DEPENDS ${file})
endfunction()
