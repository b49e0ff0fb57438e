#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/record_places.hpp"
#include "base/json_writer.hpp"
#include "net/loop.hpp"
#include "records/backup.hpp"
#include "records/database_url.hpp"
#include "records/repository.hpp"
#include "records/schema.hpp"

#include <chrono>
#include <cstdio>
#include <filesystem>

namespace vt::app {
namespace {

/// A password, rights, a database of a newer program: what the configuration names cannot be used as it is.
Exit told(Error error) {
    if (error.code == Errc::refused || error.code == Errc::unsupported) error.code = Errc::configuration;
    return report(error);
}

void print(const StorageOptions& options, const std::string& title, const records::Content& content) {
    if (options.as_json) {
        JsonWriter out;
        out.begin_object()
            .field("database", title)
            .field("schema", content.schema)
            .field("runs", content.runs)
            .field("scores", content.scores);
        out.field("explanations", content.explanations)
            .field("lost", content.lost)
            .field("digest", content.digest)
            .end_object();
        std::printf("%s\n", std::string(out.text()).c_str());
        return;
    }
    const auto number = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
    std::printf("%s\n  schema        %u\n  runs          %llu\n  scores        %llu\n  explanations  %llu\n",
                title.c_str(), content.schema, number(content.runs), number(content.scores),
                number(content.explanations));
    std::printf("  lost          %llu\n  digest        %s\n", number(content.lost), content.digest.c_str());
}

}  // namespace

Exit storage_check(const StorageOptions& options) {
    auto database = open_configured_records(options.config, false);
    if (!database) return told(database.error());
    if (const Result<void> whole = (*database)->verify(); !whole) return told(whole.error());
    const auto content = records::content_of(**database);
    if (!content) return told(content.error());
    print(options, (*database)->title(), *content);
    if (content->schema < records::latest_version()) {
        std::fprintf(stderr,
                     "virtuoso: the schema is older than this program's (%u); `virtuoso storage migrate` or the "
                     "next `virtuoso run` brings it up\n",
                     records::latest_version());
    }
    return Exit::ok;
}

Exit storage_backup(const StorageOptions& options) {
    auto database = open_configured_records(options.config, false);
    if (!database) return told(database.error());
    const auto content = records::write_backup(**database, options.file, net::wall_now());
    if (!content) return told(content.error());
    print(options, options.file, *content);
    return Exit::ok;
}

Exit storage_restore(const StorageOptions& options) {
    auto database = open_configured_records(options.config, true);
    if (!database) return told(database.error());
    auto repository = records::Repository::open(std::move(*database), net::wall_now());
    if (!repository) return told(repository.error());
    const auto content = records::restore_backup(options.file, repository->database(), options.merge);
    if (!content) return told(content.error());
    print(options, repository->database().title(), *content);
    return Exit::ok;
}

Exit storage_migrate(const StorageOptions& options) {
    auto database = open_configured_records(options.config, true);
    if (!database) return told(database.error());
    const auto before = records::schema_version(**database);
    if (!before) return told(before.error());
    const std::uint32_t target = options.to_schema.value_or(records::latest_version());
    const auto copy = records::migrate(**database, target, net::wall_now());
    if (!copy) return told(copy.error());
    if (options.as_json) {
        JsonWriter out;
        out.begin_object().field("from", *before).field("to", target).field("copy", *copy).end_object();
        std::printf("%s\n", std::string(out.text()).c_str());
        return Exit::ok;
    }
    std::printf("%s: schema %u -> %u\n", (*database)->title().c_str(), *before, target);
    if (!copy->empty()) std::printf("as it was before: %s\n", copy->c_str());
    return Exit::ok;
}

}  // namespace vt::app
