#pragma once

/// 1 in a build under AddressSanitizer or ThreadSanitizer, else 0: for tests that have to do less there, or cannot
/// run at all. GCC and clang say it in different ways.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define VT_IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define VT_IS_SANITIZED 1
#endif
#endif
#ifndef VT_IS_SANITIZED
#define VT_IS_SANITIZED 0
#endif
