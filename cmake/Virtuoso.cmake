# How the tree becomes libraries, tests, benchmarks and fuzzers.
#
#   vt_module(NAME PURE|SHELL [DEPS module...] [LINK target...])
#
# One folder of src/ is one static library vt_NAME. A file's role is its suffix:
#   x.cpp code | x_test.cpp unit test | x_bench.cpp benchmark | x_fuzz.cpp fuzz target
# LINK names third-party targets; they stay PRIVATE, so no header of a module may need them.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(CCACHE_PROGRAM ccache)
find_program(ENV_PROGRAM env)                  # `cmake -E env` would do, and costs 60 ms of each compilation
if(CCACHE_PROGRAM AND ENV_PROGRAM)
  # GCC's precompiled headers need these to be cacheable at all.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${ENV_PROGRAM}
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE_PROGRAM})
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()

# Most of a compilation is reading headers: eight files at a time halve a clean build. The dev preset compiles each file
# alone, which is quicker after an edit and proves that each includes what it needs. In one folder the names of
# anonymous namespaces therefore differ; where tests use the same plain ones (kStart, params ...) they are listed here.
option(VT_UNITY "Compile many files at a time: eight, or CMAKE_UNITY_BUILD_BATCH_SIZE" OFF)
set(CMAKE_UNITY_BUILD ${VT_UNITY})
set(VT_APART
  net/boost_impl.cpp
  # The hot path of every frame: in a batch GCC inlines less of it, which cost an eighth more instructions.
  exchange/bybit/book_frame.cpp exchange/bybit/codec.cpp exchange/bybit/codec_data.cpp exchange/bybit/codec_parts.cpp
  analysis/liquidity/liquidation_map_test.cpp analysis/normaliser_test.cpp analysis/order_flow/coverage_loss_test.cpp
  analysis/order_flow/order_flow_test.cpp analysis/order_flow/synthetic_test.cpp analysis/regime_tracker_test.cpp
  analysis/smart_money/recent_event_test.cpp analysis/symbol_analysis_test.cpp api/login_test.cpp api/server_test.cpp api/socket_test.cpp
  api/symbol_routes_test.cpp cache/memory_tier_test.cpp cache/remote_tier_test.cpp cache/tiered_cache_test.cpp
  demo/binance_front_test.cpp demo/bybit_front_test.cpp demo/journal_recording_test.cpp demo/recording_test.cpp
  demo/stream_test.cpp demo/venues_test.cpp engine/cross_venues_test.cpp engine/liquidation_sides_test.cpp
  engine/market_internals_test.cpp engine/planted_market_test.cpp engine/technical_frames_test.cpp
  exchange/access/access_test.cpp exchange/access/order_budget_test.cpp exchange/binance/codec_test.cpp
  exchange/bybit/rest_codec_test.cpp exchange/bybit/scenario_test.cpp exchange/bybit/session_test.cpp
  exchange/venue_error_test.cpp indicators/least_squares_test.cpp
  indicators/textbook_test.cpp indicators/undefined_values_test.cpp market/candle_series_test.cpp
  market/instrument_state_test.cpp runtime/program_test.cpp runtime/site_client_test.cpp sim/truth_test.cpp
  storage/json_lines_file_test.cpp storage/line_reader_test.cpp storage/recorder_test.cpp)
list(TRANSFORM VT_APART PREPEND ${CMAKE_SOURCE_DIR}/src/)
set_source_files_properties(${VT_APART} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)

find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(simdjson REQUIRED)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(CLI11 REQUIRED)
find_package(prometheus-cpp REQUIRED CONFIG)
find_package(ZLIB REQUIRED)
find_package(Freetype REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(PostgreSQL REQUIRED)
find_package(CURL 7.87 REQUIRED)
if(VT_TESTS)
  find_package(GTest REQUIRED)
endif()
if(VT_BENCHES)
  find_package(benchmark REQUIRED)
endif()

add_library(vt_options INTERFACE)
target_include_directories(vt_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(vt_options INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual
  -Wimplicit-fallthrough -Wno-missing-field-initializers -Werror
  -ffp-contract=off)                          # the same bits on every CPU: docs/adr/0003
target_compile_options(vt_options INTERFACE $<$<CXX_COMPILER_ID:Clang>:-Wno-missing-designated-field-initializers>)
# libstdc++ 12's own std::stable_sort calls a function that it deprecates, and clang blames the caller.
target_compile_options(vt_options INTERFACE $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>)
# GCC 12 at -O3 sees overlapping, endless and outside copies in plain `"text" + std::string` and in inlined memcpy of
# arrays (GCC bugs 105329, 105651), and an operator delete that does not fit in each of Asio's coroutines. clang and the sanitizers look for the real ones.
target_compile_options(vt_options INTERFACE
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict> $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overflow>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds> $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>)
if(VT_UNITY)                                  # a file of a batch is no main file to GCC: its own names look like a header's
  target_compile_options(vt_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endif()
# Under a sanitizer GCC 12 also takes members of a moved std::variant, and the value in an empty std::optional, for
# uninitialised; its manual says so. The release build looks for the real ones.
if(CMAKE_CXX_FLAGS_DEBUG MATCHES "sanitize=" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(vt_options INTERFACE -Wno-maybe-uninitialized)
endif()
target_compile_definitions(vt_options INTERFACE SPDLOG_FMT_EXTERNAL)

set(VT_PCH <algorithm> <array> <chrono> <compare> <cstdint> <map> <memory> <optional> <span> <string> <string_view>
           <utility> <variant> <vector> <tl/expected.hpp>)

# An object library that only carries a precompiled header for others to REUSE_FROM.
function(vt_pch NAME)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/${NAME}.cpp CONTENT "")
  add_library(${NAME} OBJECT ${CMAKE_BINARY_DIR}/${NAME}.cpp)
  target_link_libraries(${NAME} PRIVATE vt_options)
  target_precompile_headers(${NAME} PRIVATE ${VT_PCH} ${ARGN})
endfunction()
vt_pch(vt_pch_std)
if(VT_FUZZERS)                                # for the modules that have a fuzz target: clang's header has to be compiled likewise
  vt_pch(vt_pch_fuzzed)
  target_compile_options(vt_pch_fuzzed PRIVATE -fsanitize=fuzzer-no-link)
endif()
if(VT_TESTS)
  vt_pch(vt_pch_test <gtest/gtest.h>)
  target_link_libraries(vt_pch_test PRIVATE GTest::gtest)
endif()

function(vt_module NAME KIND)
  cmake_parse_arguments(M "" "" "DEPS;LINK" ${ARGN})
  file(GLOB_RECURSE all CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${NAME}/*.cpp)
  set(code ${all})
  list(FILTER code EXCLUDE REGEX "_(test|bench|fuzz)\\.cpp$")
  set(links)
  foreach(d IN LISTS M_DEPS)
    if(NOT TARGET vt_${d})
      message(FATAL_ERROR "${NAME} depends on ${d}, which is not above it in CMakeLists.txt")
    endif()
    list(APPEND links vt_${d})
  endforeach()
  if(code)
    add_library(vt_${NAME} STATIC ${code})
    target_link_libraries(vt_${NAME} PUBLIC vt_options ${links} PRIVATE ${M_LINK})
    set(fuzzed ${all})
    list(FILTER fuzzed INCLUDE REGEX "_fuzz\\.cpp$")
    set(header vt_pch_std)
    if(fuzzed AND VT_FUZZERS)                  # libFuzzer sees the ways through these modules; the others stay as fast as they are
      target_compile_options(vt_${NAME} PRIVATE -fsanitize=fuzzer-no-link)
      set(header vt_pch_fuzzed)
    endif()
    if(KIND STREQUAL "PURE")
      target_precompile_headers(vt_${NAME} REUSE_FROM ${header})
    else()                                    # Asio's and Beast's bodies are compiled once, in net/boost_impl.cpp
      target_compile_definitions(vt_${NAME} PRIVATE BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION)
    endif()
  else()
    add_library(vt_${NAME} INTERFACE)
    target_link_libraries(vt_${NAME} INTERFACE vt_options ${links})
  endif()
  vt_module_extras(${NAME} "${all}" "${M_LINK}")
endfunction()

# vt_test_needs(NAME module): the tests and benchmarks of NAME, and nothing else of it, may also use a module below it.
function(vt_test_needs NAME MODULE)
  foreach(program IN ITEMS ${NAME}_test ${NAME}_bench)
    if(TARGET ${program})
      target_link_libraries(${program} PRIVATE vt_${MODULE})
    endif()
  endforeach()
endfunction()

# What `make` builds of a tree without naming modules; VT_THREADED are those with threads, for ThreadSanitizer.
set(VT_THREADED obs net load cache validation gateway storage records influx notify demo api runtime)
# Left out under ThreadSanitizer: one thread stepping hours of market or asking a database, up to thirty times slower
# there and nothing to see.
set(VT_SINGLE_THREADED_TESTS_runtime "VirtualVenue.*:WarmState.*:PaperTrading.*:Disorder.*:DecisionReplay.*:Burst.*:PlantedSignals.*")
set(VT_SINGLE_THREADED_TESTS_records "RepositoryOn/*:BackupOf/*:TradesOn/*:LedgerOn/*:SqliteDatabase.*:PowerCut.*:DamagedFile.*")
add_custom_target(vt_unit_tests)
add_custom_target(vt_threaded_tests)
add_custom_target(vt_benches)
add_custom_target(vt_fuzzers)

# Tests, benchmarks and fuzz targets of one module.
function(vt_module_extras NAME ALL LINK)
  set(tests ${ALL})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  if(tests AND VT_TESTS)
    add_executable(${NAME}_test ${tests})
    target_link_libraries(${NAME}_test PRIVATE vt_${NAME} ${LINK} GTest::gtest_main)
    target_precompile_headers(${NAME}_test REUSE_FROM vt_pch_test)
    set(filter)
    if(CMAKE_CXX_FLAGS_DEBUG MATCHES "sanitize=thread" AND VT_SINGLE_THREADED_TESTS_${NAME})
      set(filter --gtest_filter=-${VT_SINGLE_THREADED_TESTS_${NAME}})
    endif()
    target_compile_definitions(${NAME}_test PRIVATE VT_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
      BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION)
    add_test(NAME unit.${NAME} COMMAND ${NAME}_test ${filter})
    set(labels unit)
    if(NAME IN_LIST VT_THREADED)
      list(APPEND labels threaded)
      add_dependencies(vt_threaded_tests ${NAME}_test)
    endif()
    set_tests_properties(unit.${NAME} PROPERTIES LABELS "${labels}" TIMEOUT 900)
    if(NAME MATCHES "^(analysis|runtime|engine|sim)$")  # the longest: begun first, the others run beside them
      set_tests_properties(unit.${NAME} PROPERTIES COST 100)
    endif()
    add_dependencies(vt_unit_tests ${NAME}_test)
  endif()
  set(benches ${ALL})
  list(FILTER benches INCLUDE REGEX "_bench\\.cpp$")
  if(benches AND VT_BENCHES)
    add_executable(${NAME}_bench ${benches})
    set_target_properties(${NAME}_bench PROPERTIES UNITY_BUILD OFF)
    target_link_libraries(${NAME}_bench PRIVATE vt_${NAME} ${LINK} benchmark::benchmark_main)
    target_compile_definitions(${NAME}_bench PRIVATE VT_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    add_dependencies(vt_benches ${NAME}_bench)
  endif()
  set(fuzzers ${ALL})
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cpp$")
  foreach(f IN LISTS fuzzers)
    # src/exchange/bybit/codec_fuzz.cpp is exchange_bybit_codec_fuzz; its examples are in tests/corpus/bybit_codec
    file(RELATIVE_PATH target ${CMAKE_SOURCE_DIR}/src ${f})
    string(REGEX REPLACE "\\.cpp$" "" target ${target})
    string(REPLACE "/" "_" target ${target})
    string(REGEX REPLACE "^[a-z]+_(.*)_fuzz$" "\\1" corpus ${target})
    if(VT_FUZZERS)
      add_executable(${target} ${f})
      target_link_options(${target} PRIVATE -fsanitize=fuzzer)
      add_dependencies(vt_fuzzers ${target})
      set(replay -runs=0)
    elseif(VT_TESTS)
      add_executable(${target} ${f} ${CMAKE_SOURCE_DIR}/tests/replay_corpus.cpp)
      set(replay)
    endif()
    if(VT_TESTS)                               # the corpus is a plain test in every build
      add_test(NAME corpus.${corpus} COMMAND ${target} ${replay} ${CMAKE_SOURCE_DIR}/tests/corpus/${corpus})
      set_tests_properties(corpus.${corpus} PROPERTIES LABELS unit TIMEOUT 120)
      add_dependencies(vt_unit_tests ${target})
    endif()
    if(TARGET ${target})
      set_target_properties(${target} PROPERTIES UNITY_BUILD OFF)
      target_link_libraries(${target} PRIVATE vt_${NAME} ${LINK})
    endif()
  endforeach()
endfunction()

function(vt_app NAME)
  file(GLOB code CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/app/*.cpp)
  if(code)
    add_executable(${NAME} ${code})
    target_link_libraries(${NAME} PRIVATE vt_runtime CLI11::CLI11 simdjson::simdjson qrencode)
    set_target_properties(${NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
  endif()
endfunction()

# The program as its users meet it: one script of tests/program for each.
function(vt_program_tests PROGRAM)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  file(GLOB scripts CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/program/*.py)
  foreach(script IN LISTS scripts)
    cmake_path(GET script STEM name)
    add_test(NAME program.${name} COMMAND ${Python3_EXECUTABLE} ${script} $<TARGET_FILE:${PROGRAM}>)
    set_tests_properties(program.${name} PROPERTIES LABELS program TIMEOUT 300)
  endforeach()
  # They wait for minutes of the market to close: begun first, the others run beside them.
  set_tests_properties(program.trading program.signals program.simulate PROPERTIES COST 100)
endfunction()

# What tests/program/kill_points.py kills: every way to the disk, without the rest of the program.
function(vt_storage_paths)
  add_executable(storage_paths ${CMAKE_SOURCE_DIR}/tests/storage_paths/storage_paths.cpp
                 ${CMAKE_SOURCE_DIR}/tests/storage_paths/trading_path.cpp)
  target_link_libraries(storage_paths PRIVATE vt_runtime vt_simulation)
  set_target_properties(storage_paths PROPERTIES UNITY_BUILD OFF RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
endfunction()

# What src/statistics computes, beside SciPy, statsmodels and scikit-learn; skipped where `make reference` did not fetch them.
function(vt_statistics_reference)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  add_executable(statistics_figures ${CMAKE_SOURCE_DIR}/tests/statistics/figures.cpp)
  target_link_libraries(statistics_figures PRIVATE vt_statistics)
  set_target_properties(statistics_figures PROPERTIES UNITY_BUILD OFF)
  set(lib ${CMAKE_SOURCE_DIR}/build/reference/unpacked/usr/lib/${CMAKE_LIBRARY_ARCHITECTURE})
  add_test(NAME reference.statistics COMMAND ${CMAKE_COMMAND} -E env OPENBLAS_NUM_THREADS=1 LD_LIBRARY_PATH=${lib}:${lib}/blas:${lib}/lapack
           ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tests/statistics/compare.py $<TARGET_FILE:statistics_figures>)
  set_tests_properties(reference.statistics PROPERTIES LABELS unit SKIP_RETURN_CODE 77 TIMEOUT 300)
  add_dependencies(vt_unit_tests statistics_figures)
endfunction()

# Conventions as tests: see tools/.
function(vt_tidy_tests)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  add_test(NAME tidy.layers COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/check_layers.py ${CMAKE_SOURCE_DIR})
  add_test(NAME tidy.tree COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/check_tree.py ${CMAKE_SOURCE_DIR})
  add_test(NAME tidy.tools COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/tools_test.py)
  add_test(NAME tidy.reliability COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/reliability_page.py --check ${CMAKE_SOURCE_DIR})
  set_tests_properties(tidy.layers tidy.tree tidy.tools tidy.reliability PROPERTIES LABELS tidy)
endfunction()
