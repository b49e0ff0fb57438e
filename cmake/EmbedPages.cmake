# vt_embed_pages(TARGET): the built pages (web/dist) become a table inside TARGET, see src/api/embedded_pages.hpp. Without
# web/dist the program builds all the same and its pages say how to build them.
function(vt_embed_pages TARGET)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  set(pages ${CMAKE_SOURCE_DIR}/web/dist)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${pages}/*)
  if(NOT files)
    message(STATUS "web/dist is not there: the program will have no pages (make web)")
  endif()
  set(made ${CMAKE_BINARY_DIR}/embedded_pages.cpp)
  add_custom_command(OUTPUT ${made} BYPRODUCTS ${CMAKE_BINARY_DIR}/embedded_pages.bin
    COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/embed_pages.py --pages ${pages} --out ${made}
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/tools/embed_pages.py VERBATIM COMMENT "Embedding the pages")
  set_source_files_properties(${made} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_sources(${TARGET} PRIVATE ${made})
  # The object holds bytes that no compiler cache can see.
  set_source_files_properties(${made} PROPERTIES SKIP_PRECOMPILE_HEADERS ON
    OBJECT_DEPENDS ${CMAKE_BINARY_DIR}/embedded_pages.bin)
endfunction()
