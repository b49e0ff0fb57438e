# vt_talib(TARGET...): links TA-Lib, against which tests and benchmarks hold the indicators. Its C source comes with an npm
# package (tests/talib, `make talib`) and is part of no program; without it the targets build all the same, and their tests
# say that nothing was checked.
function(vt_talib)
  set(talib ${CMAKE_SOURCE_DIR}/tests/talib/node_modules/talib/src/lib)
  file(GLOB code CONFIGURE_DEPENDS ${talib}/src/ta_func/*.c ${talib}/src/ta_common/*.c)
  list(FILTER code EXCLUDE REGEX "/ta_CDL")    # candlestick patterns
  if(NOT code)
    message(STATUS "tests/talib is not installed: the indicators are not held against TA-Lib (make talib)")
    return()
  endif()
  add_library(vt_talib_c STATIC EXCLUDE_FROM_ALL ${code})
  set_target_properties(vt_talib_c PROPERTIES UNITY_BUILD OFF)
  target_include_directories(vt_talib_c SYSTEM PUBLIC ${talib}/include PRIVATE ${talib}/src/ta_common)
  target_compile_options(vt_talib_c PRIVATE -w -ffp-contract=off -fno-sanitize=all)  # what it does is not ours
  target_link_libraries(vt_talib_c PUBLIC m)
  foreach(target IN LISTS ARGN)
    if(TARGET ${target})
      target_link_libraries(${target} PRIVATE vt_talib_c)
      target_compile_definitions(${target} PRIVATE VT_HAS_TALIB)
    endif()
  endforeach()
endfunction()
