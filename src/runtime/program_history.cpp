#include "history/page.hpp"
#include "history/store.hpp"
#include "runtime/program.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

/// What the API asks of the history files: read on a thread of their own, downloaded on another.
namespace vt::runtime {
namespace {

namespace fs = std::filesystem;

Result<std::vector<api::StoredHistory>> stored_histories(const fs::path& folder) {
    VT_TRY(std::vector<history::StoredSeries> files, history::list(folder, {}));
    std::vector<api::StoredHistory> found;
    for (history::StoredSeries& file : files) {
        api::StoredHistory& one = found.emplace_back();
        one.file = file.path.lexically_relative(folder).generic_string();
        one.problem = std::move(file.problem);
        if (!file.reader) continue;
        one.series = file.reader->header().series;
        one.extent = file.reader->extent();
        one.bytes = file.reader->size();
        one.is_damaged = !file.reader->damages().empty();
    }
    return found;
}

Result<history::Page> stored_page(const fs::path& folder, const history::Series& series,
                                  const history::PageQuery& query) {
    auto reader = history::SeriesReader::open(folder / series.file());
    if (!reader && reader.error().code == Errc::not_found)
        return fail(Errc::not_found, "nothing is stored of " + series.title() +
                                         "; /api/history lists what is, and `virtuoso history fetch` gets more");
    if (!reader) return tl::unexpected<Error>(std::move(reader.error()));
    return history::read_page(*reader, query);
}

}  // namespace

void Program::start_history() {
    if (params_.history_folder.empty()) return;
    history_reading_ = std::make_unique<QuestionThread>("histories", "stored history");
    // A simulated market's rows beside real ones would be taken for them.
    if (params_.mode != views::MarketMode::live) return;
    history_jobs_ = std::make_unique<HistoryJobs>(
        HistoryJobs::Params{
            .directory = params_.history_folder,
            .hosts = [config = params_.config](exchange::Site site) { return site_hosts(config, site); },
            .limit_share = params_.config.history.limit_share},
        jobs_);
}

api::ListHistory Program::list_history() {
    if (!history_reading_) return {};
    return [this](api::HistoryListed done) {
        using Listed = std::vector<api::StoredHistory>;
        history_reading_->ask<Listed>(
            [folder = fs::path(params_.history_folder)] { return stored_histories(folder); },
            [this, done = std::move(done)](const Result<Listed>& listed) {
                api_thread_.loop.post([done, listed] { done(listed); });
            });
    };
}

api::ReadHistory Program::read_history() {
    if (!history_reading_) return {};
    return [this](history::Series series, history::PageQuery query, api::HistoryRead done) {
        history_reading_->ask<history::Page>([folder = fs::path(params_.history_folder), series = std::move(series),
                                              query] { return stored_page(folder, series, query); },
                                             [this, done = std::move(done)](const Result<history::Page>& page) {
                                                 api_thread_.loop.post([done, page] { done(page); });
                                             });
    };
}

api::StartDownload Program::start_download() {
    if (!history_reading_) return {};
    return [this](const api::DownloadOrder& order) -> Result<api::Job> {
        if (history_jobs_) return history_jobs_->start(order);
        return fail(Errc::unavailable, "histories are downloaded from the live market only: this is " +
                                           std::string(views::name(params_.mode)));
    };
}

}  // namespace vt::runtime
