#include "api/embedded_pages.hpp"

#include "confluence/component_check.hpp"

#include <gtest/gtest.h>

#include <string>

namespace vt::api {

TEST(EmbeddedPages, BothPagesAreServedWhateverTheBuild) {
    for (const char* path : {"/", "/index.html", "/mobile"}) {
        const auto page = embedded_page(path);
        ASSERT_TRUE(page) << path;
        EXPECT_EQ(page->content_type, "text/html; charset=utf-8");
        EXPECT_NE(page->identity.find("<!doctype html"), std::string_view::npos) << page->identity.substr(0, 200);
        EXPECT_FALSE(page->etag.empty());
        EXPECT_FALSE(page->is_immutable);
        if (!has_embedded_pages()) {
            EXPECT_NE(page->identity.find("make web"), std::string_view::npos);
        }
    }
}

TEST(EmbeddedPages, AnUnknownPathHasNone) {
    for (const char* path : {"", "/nothing.html", "/assets/", "/../index.html", "index.html", "/~"}) {
        EXPECT_FALSE(embedded_page(path)) << path;
    }
}

TEST(EmbeddedPages, WhatThePageRefersToIsThere) {
    if (!has_embedded_pages()) GTEST_SKIP() << "built without web/dist: run make web";
    std::size_t found = 0;
    for (const char* path : {"/", "/mobile"}) {
        const std::string_view html = embedded_page(path)->identity;
        for (auto at = html.find("/assets/"); at != std::string_view::npos; at = html.find("/assets/", at + 1)) {
            const std::string_view name = html.substr(at, html.find_first_of("\"'?", at) - at);
            const auto asset = embedded_page(name);
            ASSERT_TRUE(asset) << name;
            EXPECT_TRUE(asset->is_immutable);
            EXPECT_FALSE(asset->identity.empty());
            if (!asset->gzip.empty()) {
                EXPECT_EQ(asset->gzip.substr(0, 2), "\x1f\x8b");
                EXPECT_LT(asset->brotli.size(), asset->identity.size());
            }
            ++found;
        }
    }
    EXPECT_GE(found, 2U);
}

TEST(EmbeddedPages, EveryComponentHasItsMethodPage) {
    if (!has_embedded_pages()) GTEST_SKIP() << "built without web/dist: run make web";
    ASSERT_TRUE(embedded_page("/methods/"));
    for (const confluence::ComponentCheck& check : confluence::component_checks()) {
        const auto page = embedded_page("/methods/" + std::string(check.component));
        ASSERT_TRUE(page) << check.component;
        EXPECT_EQ(page->content_type, "text/html; charset=utf-8");
        for (const char* part : {"What it says", "When it errs", "What the program says of it"})
            EXPECT_NE(page->identity.find(part), std::string_view::npos) << check.component << " lacks " << part;
    }
    EXPECT_FALSE(embedded_page("/methods/astrology"));
    EXPECT_FALSE(embedded_page("/methods"));
}

}  // namespace vt::api
