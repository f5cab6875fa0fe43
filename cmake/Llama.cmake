# llama.cpp as pinned source. The npm package node-llama-cpp carries the whole tagged source as a git
# bundle; only its archive is taken (`npm pack`), checked against the sum below, and nothing of it is
# installed or run. A checkout of one's own goes in by -DSCA_LLAMA_SOURCE=DIR.
set(llama_package node-llama-cpp)
set(llama_version 3.22.1)
string(CONCAT llama_sha512
       "6e5b488a9b9699cd76dc7eed30880318a4ac4ab866865418795502e3c5d38d55"
       "bb5c624988927209d95333343f2e25a83e4183a5c2f816f883a60c3ba9f4e20f")

set(SCA_LLAMA_SOURCE "" CACHE PATH "A checkout of llama.cpp; empty: the pinned one")
set(llama_source ${SCA_LLAMA_SOURCE})
if(NOT llama_source)
  set(deps ${PROJECT_SOURCE_DIR}/build/_deps)  # Shared by all build folders.
  set(llama_source ${deps}/llama.cpp-${llama_version})
  if(NOT EXISTS ${llama_source}/CMakeLists.txt)
    message(STATUS "Fetching the source of llama.cpp (npm package ${llama_package})")
    file(MAKE_DIRECTORY ${deps})
    execute_process(COMMAND npm pack --silent ${llama_package}@${llama_version}
                    WORKING_DIRECTORY ${deps} COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
    set(archive ${deps}/${llama_package}-${llama_version}.tgz)
    file(SHA512 ${archive} found)
    if(NOT found STREQUAL llama_sha512)
      message(FATAL_ERROR "${archive} is not the file that cmake/Llama.cmake pins. Delete it and "
                          "configure again.")
    endif()
    file(ARCHIVE_EXTRACT INPUT ${archive} DESTINATION ${deps}/${llama_package})
    file(REMOVE_RECURSE ${llama_source}.partial)
    execute_process(COMMAND git clone --quiet
                            ${deps}/${llama_package}/package/llama/gitRelease.bundle
                            ${llama_source}.partial COMMAND_ERROR_IS_FATAL ANY)
    file(RENAME ${llama_source}.partial ${llama_source})
    file(REMOVE_RECURSE ${archive} ${deps}/${llama_package})
  endif()
endif()

set(BUILD_SHARED_LIBS OFF)
set(LLAMA_BUILD_COMMON OFF CACHE BOOL "" FORCE)
set(LLAMA_BUILD_TESTS OFF CACHE BOOL "" FORCE)
set(LLAMA_BUILD_TOOLS OFF CACHE BOOL "" FORCE)
set(LLAMA_BUILD_EXAMPLES OFF CACHE BOOL "" FORCE)
set(LLAMA_BUILD_SERVER OFF CACHE BOOL "" FORCE)
set(LLAMA_BUILD_APP OFF CACHE BOOL "" FORCE)
set(GGML_NATIVE ON CACHE BOOL "" FORCE)
set(GGML_CCACHE OFF CACHE BOOL "" FORCE)  # Ours is set already.
add_subdirectory(${llama_source} ${PROJECT_BINARY_DIR}/llama.cpp EXCLUDE_FROM_ALL SYSTEM)
